"""What leaves: no group under five, pseudonyms for agents, client text without personal data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from cxaudit.report.wording import PSEUDONYM, stripped
from cxaudit.schema.impersonal import distinct
from cxaudit.schema.results import Audit, Field, Irritant, Measure, Phrase, Point, Segment

SMALLEST_GROUP = 5
PEOPLE = ("agent",)
# Cuts whose classes other figures of the audit add up (silent and unobservable): one hidden could be told from those.
ADDED_UP = ("state",)


def visible(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The classes that may be shown, their names fit to leave."""
    gone = hidden(_sizes(segments))
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


def _sizes(groups: Iterable[Segment | Point]) -> list[float]:
    """How many people a group is of, or at most: its units, where their customers are not known."""
    return [min(item.denominator, item.denominator if item.people is None else item.people) for item in groups]


def _betrayed(gone: Sequence[float]) -> bool:
    return bool(gone) and (len(gone) < 2 or sum(gone) < SMALLEST_GROUP)


def fit_to_leave(audit: Audit) -> Audit:
    """The audit whose small groups are gone and whose people bear pseudonyms."""
    measures = {key: _measure(item) for key, item in audit.measures.items()}
    few = {item.label for item in audit.field_work.irritants if _few(item)}
    told = (item for item in audit.findings if dict(item.text.facts).get("label") not in few)
    said = tuple(replace(item, text=_spoken(item.text)) for item in told)
    return replace(audit, measures=measures, field_work=_field(audit.field_work), findings=said)


def removed_groups(audit: Audit) -> int:
    """How many groups `fit_to_leave` takes out."""
    small = sum(
        len(segments) - len(_shown(cut, segments))
        for measure in audit.measures.values()
        for cut, segments in measure.segments.items()
    )
    work = audit.field_work
    return (
        small
        + sum(_few(item) for item in work.irritants)
        + sum(item.remarks < SMALLEST_GROUP for item in work.remarks)
        + sum(item.checks < SMALLEST_GROUP for item in work.criteria)
    )


def _measure(measure: Measure) -> Measure:
    segments = {name: _shown(name, classes) for name, classes in measure.segments.items()}
    kept = {name: classes for name, classes in segments.items() if classes}
    return replace(measure, segments=kept, series=_months(measure.series), daily=None)


def _shown(cut: str, classes: Sequence[Segment]) -> tuple[Segment, ...]:
    shown = visible(_named(cut, classes))
    return () if cut in ADDED_UP and len(shown) < len(classes) else shown


def _months(points: Sequence[Point]) -> tuple[Point, ...]:
    """A month of fewer than five people says only that it was one, and so does the month that would betray it."""
    gone = hidden(_sizes(points))
    return tuple(Point(point.month, None, 0, None) if place in gone else point for place, point in enumerate(points))


def _few(irritant: Irritant) -> bool:
    return min(irritant.tickets, irritant.facts.get("people", irritant.tickets)) < SMALLEST_GROUP


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
        if not _few(item)
    )
    remarks = tuple(
        replace(item, topic=stripped(item.topic)) for item in work.remarks if item.remarks >= SMALLEST_GROUP
    )
    criteria = tuple(
        replace(item, criterion=stripped(item.criterion)) for item in work.criteria if item.checks >= SMALLEST_GROUP
    )
    return Field(irritants, remarks, criteria)
