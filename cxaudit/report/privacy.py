"""What leaves: no group under five, pseudonyms for agents, client text without personal data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from cxaudit.report.wording import PSEUDONYM, stripped
from cxaudit.schema.results import Audit, Field, Measure, Phrase, Point, Segment

SMALLEST_GROUP = 5
PEOPLE = ("agent",)


def visible(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The classes that may be shown, their names fit to leave."""
    gone = hidden([item.denominator for item in segments])
    kept = [item for place, item in enumerate(segments) if place not in gone]
    names = distinct(stripped(item.segment).strip() or "–" for item in kept)
    return tuple(replace(item, segment=name) for item, name in zip(kept, names, strict=True))


def hidden(sizes: Sequence[float]) -> frozenset[int]:
    """The places of groups that must not be shown: those under five, and the smallest others that would betray them.

    One group alone could be told from the total by subtraction, several that make fewer than five together too: the
    next smallest goes with them until neither holds.
    """
    gone = {place for place, size in enumerate(sizes) if size < SMALLEST_GROUP}
    larger = sorted(set(range(len(sizes))) - gone, key=lambda place: (sizes[place], place))
    while larger and _betrayed([sizes[place] for place in gone if sizes[place]]):
        gone.add(larger.pop(0))
    return frozenset(gone)


def _betrayed(gone: Sequence[float]) -> bool:
    return bool(gone) and (len(gone) < 2 or sum(gone) < SMALLEST_GROUP)


def distinct(names: Iterable[str]) -> list[str]:
    """Names told apart by a number where two have become one."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found


def fit_to_leave(audit: Audit) -> Audit:
    """The audit whose small groups are gone and whose people bear pseudonyms."""
    measures = {key: _measure(item) for key, item in audit.measures.items()}
    said = tuple(replace(item, text=_spoken(item.text)) for item in audit.findings)
    return replace(audit, measures=measures, field_work=_field(audit.field_work), findings=said)


def removed_groups(audit: Audit) -> int:
    """How many groups `fit_to_leave` takes out."""
    small = sum(
        len(hidden([item.denominator for item in segments]))
        for measure in audit.measures.values()
        for segments in measure.segments.values()
    )
    work = audit.field_work
    return (
        small
        + sum(item.tickets < SMALLEST_GROUP for item in work.irritants)
        + sum(item.remarks < SMALLEST_GROUP for item in work.remarks)
        + sum(item.checks < SMALLEST_GROUP for item in work.criteria)
    )


def _measure(measure: Measure) -> Measure:
    segments = {name: visible(_named(name, classes)) for name, classes in measure.segments.items()}
    kept = {name: classes for name, classes in segments.items() if classes}
    return replace(measure, segments=kept, series=tuple(_month(point) for point in measure.series), daily=None)


def _month(point: Point) -> Point:
    """A month of fewer than five units says only that it was one."""
    return point if point.denominator >= SMALLEST_GROUP else Point(point.month, None, 0, None)


def _named(cut: str, classes: Sequence[Segment]) -> Sequence[Segment]:
    if cut not in PEOPLE:
        return classes
    names = pseudonyms(item.segment for item in sorted(classes, key=lambda item: -item.denominator))
    return [replace(item, segment=names[item.segment]) for item in classes]


def pseudonyms(names: Iterable[str]) -> Mapping[str, str]:
    """A number for each person; what is a pseudonym already keeps it."""
    numbered = enumerate(dict.fromkeys(names), start=1)
    return {name: name if PSEUDONYM.fullmatch(name) else f"Agent {number}" for number, name in numbered}


def _spoken(phrase: Phrase) -> Phrase:
    """A phrase whose facts hold no personal data."""
    return Phrase.of(phrase.key, **{n: stripped(v) if isinstance(v, str) else v for n, v in phrase.facts})


def _field(work: Field) -> Field:
    irritants = tuple(
        replace(item, label=stripped(item.label), terms=tuple(stripped(term) for term in item.terms))
        for item in work.irritants
        if item.tickets >= SMALLEST_GROUP
    )
    remarks = tuple(
        replace(item, topic=stripped(item.topic)) for item in work.remarks if item.remarks >= SMALLEST_GROUP
    )
    criteria = tuple(
        replace(item, criterion=stripped(item.criterion)) for item in work.criteria if item.checks >= SMALLEST_GROUP
    )
    return Field(irritants, remarks, criteria)
