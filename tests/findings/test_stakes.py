"""Money at stake: A4, the errors carried through, and no lone figure where nothing is demonstrated."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cxaudit import texts
from cxaudit.findings.confronted import amount, firm, standing
from cxaudit.findings.stakes import stakes
from cxaudit.measure.gaps import Comparison, gap_measure
from cxaudit.measure.tables import Days, Tables
from cxaudit.schema.results import Measure
from cxaudit.schema.settings import Settings
from cxaudit.stats.standardisation import Tally

A4 = ((60, 9, 400, 80), (30, 9, 300, 120), (10, 5, 300, 180))
TABLES = Tables({}, {}, 0, 0, Days(0, 0))
LOST = "stake.lost_repurchase"


def a4(**facts: float) -> Measure:
    comparison = Comparison(
        {(place,): Tally(n, y) for place, (n, y, _, _) in enumerate(A4)},
        {(place,): Tally(n, y) for place, (_, _, n, y) in enumerate(A4)},
        0.03,
        facts={"mature": 100, "basket": 70.0, **facts},
    )
    return gap_measure("repurchase.gap.90d", comparison)


def worth(measure: Measure, settings: Settings | None = None) -> dict[str, object]:
    return stakes(TABLES, {measure.key: measure}, settings or Settings())  # type: ignore[return-value]


def test_a4_is_490_euros_and_not_demonstrated() -> None:
    found = stakes(TABLES, {"repurchase.gap.90d": a4()}, Settings())[LOST]
    assert found.value == pytest.approx(490, abs=0.5)
    assert found.low == pytest.approx(-123, abs=1) and found.high == pytest.approx(1102, abs=1.5)
    assert not found.demonstrated


def test_the_basket_s_error_widens_the_interval() -> None:
    plain = stakes(TABLES, {"repurchase.gap.90d": a4()}, Settings())[LOST]
    unsure = stakes(TABLES, {"repurchase.gap.90d": a4(basket_se=30.0)}, Settings())[LOST]
    assert unsure.value == plain.value
    assert unsure.high is not None and plain.high is not None and unsure.high > plain.high


def test_a_margin_rate_turns_sales_into_margin() -> None:
    found = stakes(TABLES, {"repurchase.gap.90d": a4()}, Settings(margin_rate=0.5))[LOST]
    assert found.value == pytest.approx(245, abs=0.3)


def test_only_a_demonstrated_gap_makes_a_demonstrated_amount() -> None:
    sure = replace(a4(), low=-0.10, high=-0.04, verdict="demonstrated")
    assert stakes(TABLES, {sure.key: sure}, Settings())[LOST].demonstrated
    withheld = replace(sure, verdict="withheld")
    assert not stakes(TABLES, {withheld.key: withheld}, Settings())[LOST].demonstrated


def test_no_amount_without_a_basket_or_a_gap() -> None:
    assert worth(replace(a4(), facts={"mature": 100, "basket": None})) == {}
    assert stakes(TABLES, {}, Settings(minute_cost=1.0)) == {}


def test_gestures_without_effect_cost_what_they_cost() -> None:
    cost = Measure("gesture.cost.no_effect", "eur", None, 2, 20.0, verdict="established")
    share = Measure("gesture.no_effect.90d", "share", 2, 4, 0.5, 0.15, 0.85, 4, 1, "insufficient", ("R1",))
    found = stakes(TABLES, {cost.key: cost, share.key: share}, Settings())["stake.gestures_without_effect"]
    assert (found.value, found.demonstrated) == (20.0, False)
    assert found.low == pytest.approx(6.0) and found.high == pytest.approx(34.0)


def test_recontacts_cost_only_where_a_minute_has_a_price() -> None:
    again = Measure("recontact.orders.30d", "share", 50, 200, 0.25, 0.20, 0.31, 200, 1, "established")
    minutes = Measure("surface.handle_minutes", "minutes", 2000, 200, 10.0, 9.0, 11.0, 200, 1, "established")
    held = {again.key: again, minutes.key: minutes}
    assert "stake.recontacts" not in stakes(TABLES, held, Settings())
    found = stakes(TABLES, held, Settings(minute_cost=0.5))["stake.recontacts"]
    assert found.value == pytest.approx(250.0)
    assert found.low is not None and found.low < 250 < (found.high or 0)


def test_a_sum_compares_nothing_and_is_established_never_demonstrated() -> None:
    """However many gestures or recontacts: an amount without a comparison group has its figure's verdict."""
    cost = Measure("gesture.cost.no_effect", "eur", None, 238, 2674.0, verdict="established")
    share = Measure("gesture.no_effect.90d", "share", 238, 595, 0.4, 0.36, 0.44, 580, 1, "established")
    again = Measure("recontact.orders.30d", "share", 50, 200, 0.25, 0.20, 0.31, 200, 1, "established")
    for verdict in ("established", "indicative", "insufficient"):
        minutes = Measure("surface.handle_minutes", "minutes", 2000, 200, 10.0, 9.0, 11.0, 200, 1, verdict)
        held = {item.key: item for item in (cost, replace(share, verdict=verdict), again, minutes)}
        found = stakes(TABLES, held, Settings(minute_cost=0.5))
        assert len(found) == 2
        for stake in found.values():
            assert not stake.demonstrated and standing(stake) == verdict
            assert firm(stake) == (verdict == "established")
            shown = texts.money(stake.value or 0.0, "fr")
            word = texts.say(f"verdict.{verdict}", "fr")
            assert amount(stake, "fr") == shown if firm(stake) else amount(stake, "fr").endswith(f"({word})")


def test_a_gap_is_demonstrated_or_not() -> None:
    sure = replace(a4(), low=-0.10, high=-0.04, verdict="demonstrated")
    found = [stakes(TABLES, {one.key: one}, Settings())[LOST] for one in (sure, a4())]
    assert [standing(item) for item in found] == ["demonstrated", "not demonstrated"]
