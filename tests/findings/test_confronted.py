"""The confrontation on every face: who leads, what else is told and as what, amounts, and what is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cxaudit import texts
from cxaudit.findings import confronted
from cxaudit.schema.results import Audit, Counter, Measure, Mirage, NotComputable, Phrase, Stake
from cxaudit.schema.settings import Settings

SHARE, GAP, CLOSE = "field.canned.share", "cross.reply_speed.gap", "field.quick_close.gap"


def figure(key: str, value: float, low: float, high: float, verdict: str) -> Measure:
    kind = "difference" if key.endswith(".gap") else "single"
    return Measure(key, "share", None, 900, value, low, high, 900, verdict=verdict, kind=kind)


def audit(*measures: Measure, **more: object) -> Audit:
    found = Audit("1", "1", None, None, measures={one.key: one for one in measures}, settings=Settings())
    return replace(found, **more)  # type: ignore[arg-type]


def mirage(*measures: Measure, state: str = "confirmed", value: float | None = 3.0) -> Mirage:
    counters = tuple(Counter(one.key, one.value, one.verdict, True) for one in measures)
    return Mirage("first_reply", "surface.first_reply_hours", value, 4.0, True, state, counters)


def test_what_is_not_demonstrated_never_stands_beside_what_contradicts() -> None:
    """Settings' own threshold for canned replies is 0.25 to 0.5: 0.9 is beyond it, interval and all."""
    loose = figure(GAP, 0.018, -0.085, 0.121, "not demonstrated")
    firm = figure(CLOSE, 0.2, 0.15, 0.25, "demonstrated")
    plain = figure(SHARE, 0.9, 0.88, 0.92, "established")
    found, row = audit(loose, firm, plain), mirage(loose, plain, firm)
    assert confronted.leading(row, found) == row.counter[1]
    assert confronted.others(row, found) == ([row.counter[2]], [row.counter[0]])


def test_an_established_figure_whose_interval_holds_its_target_does_not_lead() -> None:
    limit = Settings().targets.canned
    assert limit is not None
    straddling = figure(SHARE, limit + 0.01, limit - 0.01, limit + 0.03, "established")
    firm = figure(CLOSE, 0.2, 0.15, 0.25, "demonstrated")
    found, row = audit(straddling, firm), mirage(straddling, firm)
    assert confronted.leading(row, found) == row.counter[1]
    assert confronted.others(row, found) == ([], [row.counter[0]])


def test_an_amount_that_is_not_demonstrated_is_told_by_its_interval() -> None:
    sure = Stake("stake.lost_repurchase", 47_900.0, 12_000.0, 83_000.0, True)
    loose = replace(sure, value=-279.0, low=-1_183.0, high=625.0, demonstrated=False)
    assert confronted.amount(sure, "en") == "€47,900"
    assert confronted.amount(loose, "en") == "between −€1,183 and €625 (not demonstrated)"
    assert confronted.amount(loose, "fr") == "entre −1\u202f183\u00a0€ et 625\u00a0€ (non démontré)"
    assert confronted.amount(None, "fr") == "aucun montant à avancer"
    assert confronted.amount(replace(loose, low=None), "fr") == "aucun montant à avancer"


@pytest.mark.parametrize("lang", texts.LANGUAGES)
def test_what_cannot_be_computed_says_which_of_the_two_and_what_is_missing(lang: str) -> None:
    column = texts.say("tables.tickets.first_reply_at.label", lang)
    lacking = NotComputable("surface.first_reply_hours", ("tickets.first_reply_at",), Phrase.of("ui.not_part"))
    silent = mirage(state="not computable", value=None)
    without_kpi = confronted.why(silent, audit(not_computable={lacking.key: lacking}), lang)
    assert {"fr": "L’indicateur ne se calcule pas. ", "en": "The KPI cannot be computed. "}[lang] in without_kpi
    assert column in without_kpi
    kpi = Measure("surface.first_reply_hours", "hours", None, 900, 3.0)
    other = replace(lacking, key=GAP)
    alone = confronted.why(mirage(state="not computable"), audit(kpi, not_computable={GAP: other}), lang)
    assert {"fr": "aucun contre-signal ne se calcule. ", "en": "no counter-signal can be computed. "}[lang] in alone
    assert column in alone and confronted.why(mirage(state="open"), audit(), lang) == texts.say("state.why.open", lang)
