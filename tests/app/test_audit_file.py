"""A saved audit comes back as it was; a damaged, hostile or newer file is refused with a sentence."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from made_audit import made

from cxaudit import audit_file, texts
from cxaudit.audit_file import Saved
from cxaudit.errors import UnreadableAudit
from cxaudit.schema.results import Audit, Event, Measure, Span
from cxaudit.schema.settings import Settings, Targets, Windows
from cxaudit.schema.workshop import Action, Comparison, Note

JULY = Span(date(2026, 7, 1), date(2026, 7, 31))


def saved() -> Saved:
    settings = Settings(targets=Targets(csat=0.85), complaint_reasons=("Retard", "Casse"))
    return Saved(
        replace(made(), settings=settings),
        settings,
        ({"file": "commandes.csv", "table": "orders", "mapping": {"order_id": "Name"}},),
        (Event("grève", "incident", date(2026, 7, 14), date(2026, 8, 20), "channel=email"),),
        (("pic", "2026-04-11"),),
        (Note("signals", "à vérifier"),),
        (Action("Relire", "Léa", date(2026, 12, 1), "low", "−2 points", "doing", "mirage.csat", "stake.x"),),
        {"0a1b": ("anger", "irony")},
        "Maison Alba",
        Comparison("surface.csat", "any", date(2026, 7, 1), 4, JULY, Span(date(2025, 7, 1), date(2025, 7, 31))),
    )  # fmt: skip


def repacked(**parts: bytes) -> bytes:
    """The file with some members put in another's place."""
    given = zipfile.ZipFile(io.BytesIO(audit_file.save(saved())))
    content = {name: given.read(name) for name in given.namelist()}
    content.update({f"{name}.json": data for name, data in parts.items()})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return packed.getvalue()


def test_what_was_saved_comes_back() -> None:
    opened = audit_file.reopen(audit_file.save(saved()))
    assert opened == saved()
    assert opened.audit.measures["recontact.orders.30d"].daily == made().measures["recontact.orders.30d"].daily


def test_the_same_audit_gives_the_same_bytes() -> None:
    assert audit_file.save(saved()) == audit_file.save(saved())


def test_an_older_file_without_later_fields_opens() -> None:
    workshop = json.dumps({"client": "Alba"}).encode()
    opened = audit_file.reopen(repacked(manifest=b'{"format": 1}', workshop=workshop))
    assert opened.client == "Alba" and opened.compared == Comparison()


def test_a_currency_that_nobody_had_chosen_is_let_go() -> None:
    """Until format 3 every file named the euro in its settings, and nothing read it."""
    workshop = json.dumps({"settings": {"currency": "EUR", "minute_cost": 0.5}}).encode()
    former = audit_file.reopen(repacked(manifest=b'{"format": 2}', workshop=workshop))
    assert former.settings == former.audit.settings == Settings(minute_cost=0.5)
    assert audit_file.reopen(repacked(workshop=workshop)).settings.currency == "EUR"


def test_settings_that_decided_nothing_are_let_go() -> None:
    windows = {"recontact_days": [7], "repurchase_days": [30, 60], "silence_days": 60}
    opened = audit_file.reopen(repacked(workshop=json.dumps({"settings": {"windows": windows}}).encode()))
    assert opened.settings == Settings(windows=Windows(silence_days=60))


def test_a_file_of_format_2_is_told_with_today_s_words_and_its_own_figures() -> None:
    """The sample as an earlier version saved it."""
    data = Path(__file__).with_name("format2.cxaudit").read_bytes()
    opened = audit_file.reopen(data)
    assert opened.audit.measures["recontact.orders.30d"].numerator == 495
    for finding, lang in product(opened.audit.findings, ("fr", "en")):
        assert texts.say(finding.text, lang)
    assert audit_file.reopen(audit_file.save(opened)) == opened


def test_amounts_in_two_currencies_are_not_compared() -> None:
    def audit(currency: str) -> Audit:
        cost = Measure("gesture.cost.total", "eur", None, 3, 20.0, currency=currency)
        return Audit("", "", None, None, measures={cost.key: cost})

    assert [one.unit for one in audit_file.compare(audit("CHF"), audit("CHF"))] == ["CHF"]
    assert [one.unit for one in audit_file.compare(audit("EUR"), audit(""))] == ["EUR"]  # the euro of an earlier file
    assert not audit_file.compare(audit("CHF"), audit("EUR"))


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "damaged"),
        (b"PK\x03\x04" + b"\x00" * 64, "damaged"),
        (pickle.dumps({"audit": 1}), "damaged"),
        (repacked(manifest=b'{"format": 99}'), "newer"),
        (repacked(manifest=b'{"format": true}'), "shape"),
        (repacked(manifest=b"[]"), "shape"),
        (repacked(audit=b'{"cxaudit": 3}'), "shape"),
        (repacked(audit=b"[" * 100_000), "damaged"),
        (repacked(workshop=b'{"client": "x", "unknown": 1}'), "shape"),
        (repacked(workshop=b'{"settings": {"windows": ["recontact_days"]}}'), "shape"),
        (repacked(workshop=b'{"settings": {"windows": {"recontact": 1}}}'), "shape"),
        (repacked(workshop=b'{"plan": [{"action": 5}]}'), "shape"),
        (
            repacked(workshop=b'{"events": [{"name": "x", "kind": "peak", "starts_on": "hier", "ends_on": "2026"}]}'),
            "shape",
        ),
        (repacked(workshop=b'{"client": NaN}'), "damaged"),
        (repacked(workshop=b"\xff\xfe"), "damaged"),
        (repacked(extra=b"{}"), "shape"),
    ],
)
def test_other_files_are_refused(data: bytes, key: str) -> None:
    with pytest.raises(UnreadableAudit) as refused:
        audit_file.reopen(data)
    assert refused.value.phrase.key == f"error.audit_file.{key}"


def test_every_truncation_is_refused() -> None:
    data = audit_file.save(saved())
    for end in range(0, len(data) - 1, 97):
        with pytest.raises(UnreadableAudit):
            audit_file.reopen(data[:end])


def test_a_bomb_is_not_inflated() -> None:
    with pytest.raises(UnreadableAudit) as refused:
        audit_file.reopen(repacked(audit=b" " * (129 * 2**20)))
    assert refused.value.phrase.key == "error.audit_file.large"


def test_differences_carry_both_intervals() -> None:
    def rate(value: float, low: float, high: float) -> Measure:
        return Measure("recontact.orders.30d", "share", None, 100, value, low, high)

    before = replace(made(), measures={"recontact.orders.30d": rate(0.20, 0.16, 0.25)})
    after = replace(made(), measures={"recontact.orders.30d": rate(0.30, 0.27, 0.34)})
    (delta,) = audit_file.compare(after, before)
    # low: .10 − √(.03² + .05²); high: .10 + √(.04² + .04²)
    assert delta.difference == pytest.approx(0.10)
    assert (delta.low, delta.high) == (
        pytest.approx(0.10 - 0.0583095, abs=1e-6),
        pytest.approx(0.10 + 0.0565685, abs=1e-6),
    )


def test_what_has_no_interval_is_compared_without_one() -> None:
    bare = replace(made(), measures={"surface.tickets": Measure("surface.tickets", "count", None, 9, 9.0)})
    (delta,) = audit_file.compare(bare, bare)
    assert (delta.difference, delta.low, delta.high) == (0.0, None, None)
