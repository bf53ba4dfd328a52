"""The side panel: what its fields show of the settings, and the settings that they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from made_audit import made

from cxaudit.audit import Brief
from cxaudit.follow.readjust import readjust
from cxaudit.schema.results import Event, Span
from cxaudit.schema.settings import OpeningHours, Settings, Targets
from cxaudit.ui import audits, work
from cxaudit.ui.panel import chosen, shown
from cxaudit.ui.session import Workshop

AUDIT = made()
ODD = Settings(
    targets=Targets(csat=1 / 3, nps=-12.5, ces=None),
    period=Span(date(2026, 7, 1), date(2026, 9, 30)),
    opening_hours=OpeningHours(opens=9, closes=18, weekdays=(1, 3)),
    complaint_reasons=("Retard",),
    margin_rate=0.12345678,
)


@pytest.mark.parametrize("settings", [Settings(), ODD])
def test_fields_left_alone_change_nothing(settings: Settings) -> None:
    assert chosen(settings, AUDIT, shown(settings, AUDIT)) == settings


def test_a_field_changes_its_own_setting_only() -> None:
    given = {**shown(ODD, AUDIT), "target-csat": 95.0, "target-nps": None, "window-silence_days": 60}
    new = chosen(ODD, AUDIT, given)
    assert (new.targets.csat, new.targets.nps, new.windows.silence_days) == (0.95, None, 60)
    targets, windows = replace(new.targets, csat=1 / 3, nps=-12.5), replace(new.windows, silence_days=90)
    assert replace(new, targets=targets, windows=windows) == ODD


def test_a_currency_is_chosen_or_left_to_the_orders() -> None:
    assert shown(Settings(), AUDIT)["currency"] == ""
    francs = chosen(ODD, AUDIT, {**shown(ODD, AUDIT), "currency": "CHF"})
    assert francs == replace(ODD, currency="CHF")
    assert chosen(francs, AUDIT, {**shown(francs, AUDIT), "currency": ""}) == ODD


@pytest.mark.parametrize("closed", [{"hours-opens": 18}, {"hours-opens": 24, "hours-closes": 0}, {"hours-days": []}])
def test_a_week_without_an_open_hour_is_refused(closed: dict[str, object]) -> None:
    assert chosen(ODD, AUDIT, {**shown(ODD, AUDIT), **closed}).opening_hours == ODD.opening_hours


def test_a_night_is_shown_and_kept_as_it_is() -> None:
    night = replace(ODD, opening_hours=OpeningHours(True, 20, 6, (1, 2)))
    assert chosen(night, AUDIT, shown(night, AUDIT)) == night
    assert chosen(ODD, AUDIT, {**shown(ODD, AUDIT), "hours-opens": 22}).opening_hours.length == 20


def test_a_period_of_which_only_one_end_is_picked_waits() -> None:
    given = {**shown(ODD, AUDIT), "span-period": (date(2026, 1, 1),), "own-compare": True}
    new = chosen(ODD, AUDIT, given)
    assert new.period == ODD.period and new.compare == AUDIT.context.a


def test_targets_judge_and_compare_nothing_again() -> None:
    given = replace(AUDIT, settings=Settings())
    aimed = readjust(given, given.context.events, Settings(targets=Targets(csat=0.99)))
    assert aimed.context is given.context
    assert [one.state for one in aimed.mirages if one.key == "csat"] == ["not green"]
    other = Settings(compare=Span(date(2026, 1, 1), date(2026, 3, 31)))
    assert readjust(given, given.context.events, other).context.a == other.compare


def test_the_one_figure_that_holds_a_target_follows_it() -> None:
    theta = replace(AUDIT.measures["surface.csat.reweighted"], value=0.868, facts={"response": 0.5})
    given = replace(AUDIT, measures={**AUDIT.measures, theta.key: theta})
    aimed = readjust(given, given.context.events, Settings(targets=Targets(csat=0.99)))
    # Half answered and θ is 12.2 points short of the target: the silent would have to be 24.4 points above their path.
    assert aimed.measures["surface.csat.break_even"].value == pytest.approx(-0.244)
    free = readjust(aimed, given.context.events, Settings(targets=Targets(csat=None)))
    assert "surface.csat.break_even" in free.not_computable and "surface.csat.break_even" not in free.measures


def test_an_event_reads_no_row_even_where_rows_are_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("rows were read")

    monkeypatch.setattr(audits, "run", never)
    held = Workshop(ingested=SimpleNamespace(tables={}, values={}), audit=AUDIT, settings=AUDIT.settings or Settings())
    events = (*AUDIT.context.events, Event("Panne", "incident", date(2026, 8, 3), date(2026, 8, 7)))
    told = work._followed(held, held.settings, events, lambda *_: None)
    assert [one.name for one in told.context.events][-1] == "Panne"
    with pytest.raises(AssertionError, match="rows were read"):
        scoped = replace(events[-1], scope="country=PT")
        work._followed(held, held.settings, (*AUDIT.context.events, scoped), lambda *_: None)


def test_exports_are_prepared_again_only_under_another_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Settings] = []

    def preparing(frames: object, brief: Brief) -> SimpleNamespace:
        made.append(brief.settings)
        return SimpleNamespace(under=brief.settings)

    monkeypatch.setattr(audits, "prepare_audit", preparing)
    held = Workshop(ingested=SimpleNamespace(tables={}, values={}))
    for settings in (Settings(), ODD, Settings(timezone="Europe/London")):
        audits.live(held, settings, ())
    assert made == [Settings(), Settings(timezone="Europe/London")]
