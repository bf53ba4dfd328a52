from datetime import date
from typing import Any

import pytest
from context_days import event, spread

from cxaudit.context import compare, questions, sentences
from cxaudit.context.calendars import _calendar
from cxaudit.context.cells import LINES
from cxaudit.context.ladder import __doc__ as ladder
from cxaudit.schema.results import Adjusted, Context
from cxaudit.schema.settings import Settings
from cxaudit.texts import catalogue, known, say

STRIKE = (date(2026, 8, 3), date(2026, 8, 14))


def _context(**more: Any) -> Context:
    one = spread([(*STRIKE, 0.45)], **more)
    strike = event("incident", *STRIKE, name="la grève")
    return compare({one.key: one}, [strike], Settings(), as_of=date(2026, 9, 30), data_first=date(2024, 10, 1))


def _record(**more: Any) -> Adjusted:
    (record,) = _context(**more).signals.values()
    return record


def test_a_strike_in_words() -> None:
    said = [say(one, "fr") for one in sentences(_record())]
    assert said == [
        "Recontact à 30 jours, même commande\u202f: 20,0\u202f%, puis 23,3\u202f%, soit un écart de +3,3 points.",
        "+3,3 avec la grève.",
        "Écart non expliqué par les événements déclarés\u202f: 0,0 point, non démontré. "
        "Ce n’est pas la preuve d’une cause.",
    ]


def test_the_same_in_english() -> None:
    said = [say(one, "en") for one in sentences(_record())]
    assert said[1] == "+3.3 with la grève."
    assert "This does not prove a cause." in said[2]


def test_what_was_given_up_is_said() -> None:
    said = [one.key for one in sentences(_record(units=2))]
    assert said[-1] == "context.rung.F4"


def test_a_mean_is_worded_in_its_unit() -> None:
    said = sentences(_record(unit="hours", key="surface.first_reply_hours"))
    assert said[0].key == "context.says.number.raw"
    assert all(say(one, lang) for one in said for lang in ("fr", "en"))


def test_nothing_is_said_without_a_difference() -> None:
    assert sentences(_record(first=date(2026, 1, 1))) == ()


def test_a_day_far_off_is_asked_about() -> None:
    odd = date(2026, 3, 14)
    one = spread([(odd, odd, 0.9)], seed=2)
    context = compare({one.key: one}, [], Settings(), as_of=date(2026, 9, 30), data_first=date(2024, 10, 1))
    (asked,) = questions(context.signals[one.key])
    assert say(asked, "fr") == "Que s’est-il passé le 14 mars 2026\u202f?"


@pytest.mark.parametrize("step", ["F1", "F2", "F3", "F4", "F5", "F6"])
def test_each_step_of_the_ladder_is_documented_and_has_words(step: str) -> None:
    assert f"    {step}  " in (ladder or "")
    assert known(f"context.rung.{step}")


def test_each_line_has_a_name() -> None:
    assert all(known(f"context.line.{line}") for line in (*LINES, "remaining"))


def test_calendar_names_stand_in_both_languages() -> None:
    names = _calendar()["names"]
    for name in (*(value for key, value in names.items() if key != "school"), *names["school"].values()):
        assert set(name) == {"fr", "en"}


def test_french_spaces_before_double_signs() -> None:
    for key, text in catalogue().items():
        if key.startswith("context."):
            assert not any(f" {sign}" in text["fr"] for sign in ":;!?»"), key
