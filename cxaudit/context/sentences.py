"""An adjusted difference in words: raw, line by line, what remains, what had to be given up, what to ask."""

from __future__ import annotations

from collections.abc import Iterator

from cxaudit.context.cells import LINES
from cxaudit.schema.results import Adjusted, Phrase

# Below these a line is not worth a sentence: it would read 0.0.
SILENT = {"share": 0.0005, "number": 0.05}


def sentences(adjusted: Adjusted) -> tuple[Phrase, ...]:
    """The raw difference, its lines (largest first), what remains with its verdict, the steps taken down the ladder.

    Nothing is said of a comparison without a raw difference.
    """
    if adjusted.raw_diff is None:
        return ()
    form = "share" if adjusted.facts.get("unit") == "share" else "number"
    raw = Phrase.of(
        f"context.says.{form}.raw",
        measure=f"measure.{adjusted.key}.name",
        raw_a=adjusted.raw_a,
        raw_b=adjusted.raw_b,
        diff=adjusted.raw_diff,
    )
    rest = Phrase.of(
        f"context.says.{form}.remaining", remaining=adjusted.remaining, verdict=f"verdict.{adjusted.verdict}"
    )
    steps = [Phrase.of(f"context.rung.{step}") for step in adjusted.facts.get("steps", ()) if step != "F1"]
    return (raw, *_lines(adjusted, form), rest, *steps)


def questions(adjusted: Adjusted) -> tuple[Phrase, ...]:
    """What to ask the room about the days (or weeks) that lie far from the model."""
    unit = "week" if adjusted.facts.get("model") == "weekly" else "day"
    return tuple(Phrase.of(f"context.question.{unit}", day=day) for day in adjusted.questions)


def _lines(adjusted: Adjusted, form: str) -> Iterator[Phrase]:
    named = adjusted.facts.get("named", {})
    for line in sorted(LINES, key=lambda line: -abs(adjusted.lines[line])):
        value = adjusted.lines[line]
        if abs(value) < SILENT[form]:
            continue
        if line in named:
            yield Phrase.of(f"context.says.{form}.named", value=value, names=named[line])
        else:
            yield Phrase.of(f"context.says.{form}.line", value=value, line=f"context.line.{line}")
