import pytest

from cxaudit.context.calendars import _calendar
from cxaudit.context.ladder import __doc__ as ladder
from cxaudit.texts import catalogue, known


@pytest.mark.parametrize("step", ["F1", "F2", "F3", "F4", "F5", "F6"])
def test_each_step_of_the_ladder_is_documented_and_has_words(step: str) -> None:
    assert f"    {step}  " in (ladder or "")
    assert known(f"context.rung.{step}")


def test_calendar_names_stand_in_both_languages() -> None:
    names = _calendar()["names"]
    for name in (*(value for key, value in names.items() if key != "school"), *names["school"].values()):
        assert set(name) == {"fr", "en"}


def test_french_spaces_before_double_signs() -> None:
    for key, text in catalogue().items():
        if key.startswith("context."):
            assert not any(f" {sign}" in text["fr"] for sign in ":;!?»"), key
