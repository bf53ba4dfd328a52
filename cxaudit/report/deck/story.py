"""Which slides an audit earns, and what each stands on; nothing is drawn here.

The five signals come first among the findings that do harm, one slide each; the worst other findings follow, one for
each theme, while there is room.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cxaudit.report.live import finite
from cxaudit.report.sheets.signals import HEADLINES as SIGNAL_SHEETS
from cxaudit.schema.results import Adjusted, Audit, Finding, Irritant, Measure, Segment

HEADLINES = tuple(SIGNAL_SHEETS.values())
MOST_SLIDES, MOST_FINDINGS, MOST_BARS = 10, 5, 7
FEWEST_MONTHS = 3
IRRITANT = "irritant."
HARMFUL = ("demonstrated", "suspected")
_SIGNALS = tuple(key.partition(".")[0] for key in HEADLINES)
# The two sides of a gap whose key does not name them.
_SIDES: Mapping[str, tuple[str, str]] = {
    "repurchase.gap.90d": ("repurchase.complainers.90d", "repurchase.controls.90d"),
    "gesture.gap.90d": ("gesture.repurchase.90d", ""),
    "cross.clicks.gap": ("cross.clicks.dispute", "cross.clicks.smooth"),
    "cross.reply_speed.gap": ("cross.reply_speed.fast", "cross.reply_speed.slow"),
    "cross.tone.recontact.gap": ("cross.tone.recontact.negative", "cross.tone.recontact.other"),
    "cross.tone.repurchase.gap": ("cross.tone.repurchase.negative", "cross.tone.repurchase.other"),
    "surface.csat.recontact.gap": ("surface.csat.recontact.answered", "surface.csat.recontact.silent"),
    "surface.csat.repurchase.gap": ("surface.csat.repurchase.answered", "surface.csat.repurchase.silent"),
    "surface.csat.tone.gap": ("surface.csat.tone.answered", "surface.csat.tone.silent"),
    "field.canned.gap": ("field.canned.recontact", "field.tailored.recontact"),
    "field.quick_close.gap": ("field.quick_close.recontact", "field.slow_close.recontact"),
    "field.handle_time.gap": ("field.handle_time.fast.recontact", "field.handle_time.slow.recontact"),
    "field.hard_transfer.gap": ("field.hard_transfer.share", "field.easy_transfer.share"),
    "field.hard_wait.gap": ("field.hard_wait.hours", "field.easy_wait.hours"),
    "field.late.gap": ("field.late.contact", "field.on_time.contact"),
    "field.late.repurchase.gap": ("field.late.repurchase.90d", "field.on_time.repurchase.90d"),
    "field.hops.gap": ("field.hops.recontact", "field.no_hop.recontact"),
    "field.multi_agent.gap": ("field.multi_agent.recontact", "field.same_agent.recontact"),
}


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A finding and what its slide draws: the two sides of a gap, the months of a figure, or its largest classes."""

    finding: Finding
    measure: Measure
    sides: tuple[Measure, ...] = ()
    classes: tuple[Segment, ...] = ()
    cut: str = ""

    @property
    def by_month(self) -> bool:
        return not self.sides and not self.classes and months(self.measure) >= FEWEST_MONTHS


def exhibits(audit: Audit, most: int = MOST_FINDINGS) -> list[Exhibit]:
    """The harmful findings that earn a slide, in the audit's own order."""
    found = [item for item in audit.findings if item.state in HARMFUL and not item.key.startswith("mirage.")]
    drawn = [exhibit for exhibit in (_exhibit(audit, item) for item in found) if exhibit is not None]
    signals = list(_one_each([item for item in drawn if _theme(item) in _SIGNALS]))
    others = _one_each([i for i in drawn if _theme(i) not in _SIGNALS and i.finding.state == "demonstrated"])
    chosen = [*signals, *others][:most]
    return sorted(chosen, key=drawn.index)


def _one_each(found: Sequence[Exhibit]) -> Iterator[Exhibit]:
    """The first of each theme."""
    seen: set[str] = set()
    for item in found:
        if _theme(item) not in seen:
            seen.add(_theme(item))
            yield item


def _theme(item: Exhibit) -> str:
    """A signal by its first word, a finding of the field or the surface by two: field.late, surface.csat."""
    parts = item.measure.key.split(".")
    return parts[0] if parts[0] in _SIGNALS else ".".join(parts[:2])


def _exhibit(audit: Audit, finding: Finding) -> Exhibit | None:
    if finding.key.startswith(IRRITANT):
        return _irritants(audit, finding)
    measure = audit.measures.get(finding.measures[0]) if finding.measures else None
    if measure is None or finite(measure.value) is None:
        return None
    sides = tuple(
        audit.measures[key] for key in _SIDES.get(measure.key, ()) if key in audit.measures and _valued(audit, key)
    )
    if len(sides) == 2:
        return Exhibit(finding, measure, sides)
    if months(measure) >= FEWEST_MONTHS:
        return Exhibit(finding, measure)
    cut, classes = _largest(measure)
    return Exhibit(finding, measure, classes=classes, cut=cut) if classes else Exhibit(finding, measure, (measure,))


def _irritants(audit: Audit, finding: Finding) -> Exhibit | None:
    """An irritant that stands out, among those that grow or bring back the most."""
    kind = finding.key.removeprefix(IRRITANT).partition(".")[0]
    label = dict(finding.text.facts).get("label")
    own = next((item for item in audit.field_work.irritants if item.label == label), None)
    if own is None or own.facts.get(kind) is None:
        return None
    known = [item for item in audit.field_work.irritants if item.facts.get(kind) is not None]
    largest = sorted(known, key=lambda item: (item is not own, -item.facts[kind]))[:MOST_BARS]
    ranked = sorted(largest, key=lambda item: -item.facts[kind])
    classes = tuple(Segment(item.label, None, item.tickets, *_ends(item, kind)) for item in ranked)
    verdict = own.facts.get(f"{kind}_verdict", "insufficient")
    value, low, high = _ends(own, kind)
    measure = Measure(
        f"{IRRITANT}{kind}", "share", None, own.tickets, value, low, high, verdict=verdict, kind="difference"
    )
    return Exhibit(finding, measure, classes=classes)


def _ends(irritant: Irritant, kind: str) -> tuple[float | None, float | None, float | None]:
    value, low, high = (finite(irritant.facts.get(f"{kind}{part}")) for part in ("", "_low", "_high"))
    return value, low, high


def _valued(audit: Audit, key: str) -> bool:
    return finite(audit.measures[key].value) is not None


def _largest(measure: Measure) -> tuple[str, tuple[Segment, ...]]:
    """The cut with most units in classes, its largest classes first by value."""
    for cut, classes in measure.segments.items():
        known = [item for item in classes if finite(item.value) is not None]
        if len(known) > 1:
            largest = sorted(known, key=lambda item: -item.denominator)[:MOST_BARS]
            return cut, tuple(sorted(largest, key=lambda item: -(item.value or 0.0)))
    return "", ()


def months(measure: Measure) -> int:
    """How many months of a figure have a value."""
    return sum(finite(point.value) is not None for point in measure.series)


def fall(audit: Audit) -> Adjusted | None:
    """The comparison of two periods that earns a slide: a demonstrated one, else the first headline's."""
    signals = audit.context.signals
    keys = [key for key in dict.fromkeys((*HEADLINES, *signals)) if key in signals and _whole(signals[key])]
    sure = [key for key in keys if signals[key].verdict == "demonstrated"]
    shown = [key for key in keys if key in HEADLINES and signals[key].verdict != "insufficient"]
    chosen = [*sure, *shown]
    return signals[chosen[0]] if chosen else None


def _whole(item: Adjusted) -> bool:
    numbers = (item.raw_a, item.raw_b, item.raw_diff, item.remaining, *item.lines.values())
    return bool(item.lines) and all(finite(number) is not None for number in numbers)
