"""Exports that serve no table, told by the names of their columns: directories, reports, payouts, catalogues."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from cxaudit.ingest.profile import Profile
from cxaudit.ingest.ranking import Choice, anchored
from cxaudit.ingest.seen import Seen
from cxaudit.ingest.words import meaning, normal
from cxaudit.schema.tables import TABLES


@dataclass(frozen=True)
class Decline:
    """A kind of export that serves no table, by the names of its columns."""

    name: str
    text: str
    least: int
    names: tuple[str, ...]


@cache
def declines() -> tuple[Decline, ...]:
    """The kinds of export that serve no table."""
    given = tomllib.loads(resources.files(__package__).joinpath("declines.toml").read_text("utf-8"))
    return tuple(Decline(name, d["text"], d["least"], tuple(d["names"])) for name, d in given.items())


def _kind(name: str) -> Decline:
    return next(kind for kind in declines() if kind.name == name)


def decline(seen: Seen, best: Choice) -> Decline | None:
    """The kind of export without a table that a sheet is rather than `best`, if any."""
    if _is_averaged(seen, best):
        return _kind("aggregate")
    if _is_payout(seen, best):
        return _kind("payout")
    if _is_stock(seen, best):
        return _kind("catalogue")
    counted = [(len(_met(seen, kind)), kind) for kind in declines()]
    count, kind = max(counted, key=lambda pair: pair[0])
    if count < kind.least:
        return None
    weighed = 0.75 * count
    if kind.name == "aggregate":
        if any(p.share("email") > 0.5 or p.words > 6 for p in seen.profiles):
            return None
        weighed += sum(
            bool(meaning(label).concepts & {"rate", "average", "conversion", "unique"}) for label in seen.labels
        )
    whole = anchored(best, seen) and not [n for n in TABLES[best.table].missing(best.columns) if n != "kind"]
    own = sum(sure for name, (_, sure) in best.columns.items() if name not in TABLES[best.table].customer)
    against = max(best.score, 0.0) + (0.4 * own if whole else 0.0)
    return kind if weighed > against else None


def _is_averaged(seen: Seen, best: Choice) -> bool:
    """Averages and rates without a customer, a message or what a row cannot do without: a report."""
    said = [meaning(label).concepts for label in seen.labels]
    averaged = [label for label, words in zip(seen.labels, said, strict=True) if words & {"rate", "average"}]
    averaged += [label for label, p in zip(seen.labels, seen.profiles, strict=True) if _is_volume(label, p)]
    spoken = any(p.share("email") > 0.5 or p.words > 6 for p in seen.profiles)
    return len(averaged) >= 2 and not spoken and not _is_of_rows(best)


def _is_volume(label: str, profile: Profile) -> bool:
    """« Tickets traités » over plain figures: how many."""
    said = meaning(label).concepts
    plural = label.split()[0].casefold().endswith("s") if label.split() else False
    return bool(said & _COUNTED) and plural and "id" not in said and profile.share("number") > 0.9


_COUNTED = frozenset({"ticket", "order", "call", "return", "review", "complaint"})


def _is_payout(seen: Seen, best: Choice) -> bool:
    """A fee beside what is left of it, and nobody who bought anything."""
    said = [meaning(label).concepts for label in seen.labels]
    fee = any("fee" in words for words in said)
    left = any(
        normal(label) in ("net", "montantnet", "netamount") or "payout" in words
        for label, words in zip(seen.labels, said, strict=True)
    )
    return fee and left and not best.columns.keys() & {"customer_email", "product", "status"}


def _is_stock(seen: Seen, best: Choice) -> bool:
    """Products on shelves, where nothing says when anyone bought them."""
    shelves = any("stock" in meaning(label).concepts for label in seen.labels)
    held = best.columns.keys()
    bought = "ordered_at" in held and bool(held & {"order_id", "amount"})
    return best.table == "orders" and shelves and not bought and not held & {*TABLES["orders"].customer}


def _is_of_rows(best: Choice) -> bool:
    """Whether the columns hold all that a row needs, and whose or which one it is."""
    table = TABLES[best.table]
    leads = {*table.customer, *table.key}
    return not table.missing(best.columns) and (not leads or bool(leads & best.columns.keys()))


def _met(seen: Seen, kind: Decline) -> list[str]:
    """The labels that are among a kind's names, by meaning; each name once."""
    wanted = {meaning(name) for name in kind.names}
    spelt = {normal(name) for name in kind.names}
    met: dict[object, str] = {}
    for label in seen.labels:
        said = meaning(label)
        if normal(label) in spelt or (said in wanted and said.concepts):
            met.setdefault(said.concepts or normal(label), label)
    return list(met.values())


def examples(seen: Seen, kind: Decline) -> tuple[str, ...]:
    averaged = (label for label in seen.labels if meaning(label).concepts & {"rate", "average"})
    return tuple((_met(seen, kind) or list(averaged))[:4])
