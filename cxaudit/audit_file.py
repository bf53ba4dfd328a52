"""Save an audit and reopen it: a zip of JSON with aggregates, decisions and digests; never raw rows, never pickle.

A file that is damaged, hostile or newer than this program is refused with one sentence; nothing of it is used.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cxaudit import __version__
from cxaudit.errors import UnreadableAudit
from cxaudit.records import decode, encode
from cxaudit.schema.impersonal import impersonal_audit
from cxaudit.schema.results import Audit, Event
from cxaudit.schema.settings import Settings, effective
from cxaudit.schema.workshop import Action, Comparison, Note

FORMAT = 3  # 2 holds what the context page compares; 3 the currency of amounts, and why a finding is in doubt
SUFFIX = ".cxaudit"
_MEMBERS = ("manifest.json", "audit.json", "workshop.json")
_MOST_PACKED = 64 * 2**20  # a large audit packs to about 1 MB
_MOST_UNPACKED = 128 * 2**20
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can bear: the same audit gives the same bytes


@dataclass(frozen=True, slots=True)
class Saved:
    """What a .cxaudit file holds: the figures, and what people decided, said and planned."""

    audit: Audit
    settings: Settings = field(default_factory=Settings)
    mapping: tuple[Mapping[str, Any], ...] = ()
    events: tuple[Event, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    notes: tuple[Note, ...] = ()
    plan: tuple[Action, ...] = ()
    corrections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    client: str = ""
    compared: Comparison = field(default_factory=Comparison)


@dataclass(frozen=True, slots=True)
class Delta:
    """One measure now against an earlier audit: after − before with its 95 % interval, in its unit or currency."""

    key: str
    unit: str
    before: float
    after: float
    low: float | None
    high: float | None

    @property
    def difference(self) -> float:
        return self.after - self.before


def save(saved: Saved) -> bytes:
    """The bytes of a .cxaudit file."""
    plain = encode(_without_path(replace(saved, audit=impersonal_audit(saved.audit))))
    audit = plain.pop("audit")
    # The settings stand once, beside the audit.
    audit["settings"] = None
    parts = ({"format": FORMAT, "cxaudit": __version__}, audit, plain)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in zip(_MEMBERS, parts, strict=True):
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), _json(part), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def reopen(data: bytes) -> Saved:
    """What a .cxaudit file holds.

    Raises:
        UnreadableAudit: not such a file, damaged, too large, newer than this program, or not of the expected shape.
    """
    manifest, audit, workshop = _parts(data)
    version = manifest.get("format") if isinstance(manifest, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise UnreadableAudit("error.audit_file.shape")
    if version > FORMAT:
        raise UnreadableAudit("error.audit_file.newer")
    if not isinstance(audit, dict) or not isinstance(workshop, dict) or "audit" in workshop:
        raise UnreadableAudit("error.audit_file.shape")
    try:
        opened = _without_path(decode(Saved, {**_heeded(workshop), "audit": {**audit, "settings": None}}))
        opened = replace(opened, audit=replace(opened.audit, settings=opened.settings))
        return opened if version >= 3 else _of_today(opened)
    except (ValueError, RecursionError, LookupError, TypeError, ArithmeticError) as error:
        raise UnreadableAudit("error.audit_file.shape") from error


def _heeded(workshop: dict[str, Any]) -> dict[str, Any]:
    """Without settings that decided nothing, which earlier files hold."""
    given = workshop.get("settings")
    return {**workshop, "settings": effective(given)} if isinstance(given, dict) else workshop


def _without_path(saved: Saved) -> Saved:
    """Neither names a folder of this machine to others, nor lets a file that came from elsewhere name one here."""
    return replace(saved, settings=replace(saved.settings, tone_model=""))


def _of_today(saved: Saved) -> Saved:
    """Before 3 each file named the default currency, which nobody had chosen and nothing read, and findings said less:
    they are concluded again from the figures, which stay."""
    from cxaudit.follow.readjust import judged  # an audit of today opens without what makes one

    settings = replace(saved.settings, currency="")
    return replace(saved, settings=settings, audit=judged(replace(saved.audit, settings=settings)))


def compare(audit: Audit, earlier: Audit) -> tuple[Delta, ...]:
    """What changed since an earlier audit, measure by measure, where both have a value and mean the same.

    The interval combines the two intervals (the square-and-add rule, which is Newcombe's for two shares); the two
    audits are taken as independent. None where one of them has no interval.
    """
    return tuple(_deltas(audit, earlier))


def _deltas(audit: Audit, earlier: Audit) -> Iterator[Delta]:
    for key, now in audit.measures.items():
        then = earlier.measures.get(key)
        if then is None or then.shown_unit != now.shown_unit or now.value is None or then.value is None:
            continue
        low = high = None
        bounds = (now.low, now.high, then.low, then.high)
        if not any(bound is None for bound in bounds):
            difference = now.value - then.value
            low = difference - math.hypot(now.value - now.low, then.high - then.value)  # type: ignore[operator]
            high = difference + math.hypot(now.high - now.value, then.value - then.low)  # type: ignore[operator]
        yield Delta(key, now.shown_unit, then.value, now.value, low, high)


def _json(part: Any) -> str:
    return json.dumps(part, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _parts(data: bytes) -> list[Any]:
    if len(data) > _MOST_PACKED:
        raise UnreadableAudit("error.audit_file.large")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sorted(archive.namelist()) != sorted(_MEMBERS):
                raise UnreadableAudit("error.audit_file.shape")
            return [json.loads(_read(archive, name), parse_constant=_no_constant) for name in _MEMBERS]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise UnreadableAudit("error.audit_file.damaged") from error
    except ValueError as error:
        raise UnreadableAudit("error.audit_file.damaged") from error


def _read(archive: zipfile.ZipFile, name: str) -> str:
    """One member's text, counted while it inflates: declared sizes can lie."""
    with archive.open(name) as member:
        content = member.read(_MOST_UNPACKED + 1)
    if len(content) > _MOST_UNPACKED:
        raise UnreadableAudit("error.audit_file.large")
    return content.decode("utf-8")


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")
