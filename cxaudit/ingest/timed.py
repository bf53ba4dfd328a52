"""Moments made of a duration in a unit that nothing names: whether it is asked for, and the answer put in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from cxaudit.ingest.durations import MINUTES, first_choice, to_duration
from cxaudit.ingest.entries import Question
from cxaudit.ingest.field_values import Reading
from cxaudit.ingest.propose import TIMED, unit_of_reading
from cxaudit.ingest.sources import Sheet
from cxaudit.ingest.typing import unit_of
from cxaudit.schema.results import Phrase

_PLUS = "plus_"


def unit_asked(
    sheet: Sheet, name: str, rule: Mapping[str, Any], body: pl.DataFrame, reading: Reading
) -> Question | None:
    """The question of a derived moment's unit, where neither the column's name nor all of its durations tell it."""
    applied = str(rule.get("rule", ""))
    if not applied.startswith(_PLUS) or name not in TIMED or unit_of(source := rule["from"][-1]) is not None:
        return None
    read = to_duration(body[source], None, TIMED[name])
    unit = applied.removeprefix(_PLUS)
    if read.question is None and unit_of_reading(read.decision) == unit:
        return None
    answer = reading.answers.get(f"duration:{source}")
    if read.question is not None and read.question.key == "reading.question.clock":
        pairs = first_choice("hh:mm" if unit == "hours" else "mm:ss", read.choices)
        return Question(sheet.file, sheet.sheet, source, name, "duration", read.question, pairs, answer)
    phrase = Phrase.of("reading.question.unit", column=source, unit=f"ui.choice.{unit}")
    choices = first_choice(unit, tuple(MINUTES))
    return Question(sheet.file, sheet.sheet, source, name, "duration", phrase, choices, answer)


def in_unit_told(derived: Mapping[str, Any], answers: Mapping[str, str]) -> dict[str, Any]:
    """The derived fields, those that add a duration in the unit answered for its column."""
    told = dict(derived)
    for name, rule in derived.items():
        answer = answers.get(f"duration:{rule['from'][-1]}") if rule.get("from") else None
        if answer and str(rule.get("rule", "")).startswith(_PLUS):
            told[name] = {**rule, "rule": f"{_PLUS}{unit_of_reading(answer)}"}
    return told
