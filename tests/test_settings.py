"""Settings: what a file may say, what it may not, and the page that lists them."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path

import pytest

from cxaudit import texts
from cxaudit.errors import UsageError
from cxaudit.schema.results import Span
from cxaudit.schema.settings import Settings, Windows, parsed, read_settings, read_span, without_effect

PAGE = Path(__file__).parent.parent / "docs" / "settings.md"


def names(record: object, path: str = "") -> set[str]:
    found = set()
    for item in fields(record):  # type: ignore[arg-type]
        value = getattr(record, item.name)
        inner = is_dataclass(value) and not isinstance(value, Span)
        found |= names(value, f"{path}{item.name}.") if inner else {path + item.name}
    return found


def test_the_page_lists_every_setting_and_no_other() -> None:
    listed = set(re.findall(r"`([a-z0-9_.]+)`", "".join(re.findall(r"^\| (`.*?) \|", PAGE.read_text("utf-8"), re.M))))
    assert listed == names(Settings())


def test_a_file_keeps_the_defaults_of_what_it_leaves_out() -> None:
    found = read_settings('period = "2026-07-01:2026-09-30"\n[targets]\ncsat = 0.8\n[exclude]\nspam = false')
    assert found.period == Span(date(2026, 7, 1), date(2026, 9, 30))
    assert (found.targets.csat, found.targets.nps) == (0.8, 30.0)
    assert not found.exclude.spam and found.exclude.merged


@pytest.mark.parametrize(
    "text",
    ["x = 1", "[targets]\nx = 1", "targets = 3", "as_of = 'yesterday'", "period = '2026-02-01:2026-01-01'", "= 1",
     "seed = 'a'", "[exclude]\nspam = 1", "language = 4", "currency = 'florins'"],
)  # fmt: skip
def test_what_is_wrong_is_said_in_both_languages(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_settings(text)
    assert all(texts.say(caught.value.phrase, lang) for lang in texts.LANGUAGES)


def test_what_never_decided_anything_is_accepted_and_named() -> None:
    text = "margin_rate = 0.4\n[windows]\nrepurchase_days = [60]\nsilence_days = 60\nrecontact_days = 'a week'"
    assert without_effect(parsed(text)) == ("windows.recontact_days", "windows.repurchase_days")
    assert read_settings(text) == Settings(margin_rate=0.4, windows=Windows(silence_days=60))
    assert not without_effect(parsed("[windows]\nsilence_days = 60")) and not without_effect(parsed(""))
    with pytest.raises(UsageError, match="windows"):
        read_settings("windows = ['recontact_days']")


@pytest.mark.parametrize("hours", ["opens = 18", "opens = 24\ncloses = 0", "weekdays = []"])
def test_a_week_without_an_open_hour_is_refused(hours: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_settings(f"[opening_hours]\n{hours}")
    assert "leaves no open hour" in texts.say(caught.value.phrase, "en")
    assert "aucune heure ouverte" in texts.say(caught.value.phrase, "fr")


@pytest.mark.parametrize(("opens", "closes", "length"), [(9, 18, 9), (20, 6, 10), (0, 24, 24), (24, 6, 6), (1, 0, 23)])
def test_a_closing_before_the_opening_is_the_next_mornings(opens: int, closes: int, length: int) -> None:
    found = read_settings(f"[opening_hours]\nopens = {opens}\ncloses = {closes}")
    assert found.opening_hours.length == length


def test_a_period_of_one_day() -> None:
    assert read_span("2026-01-01:2026-01-01") == Span(date(2026, 1, 1), date(2026, 1, 1))
