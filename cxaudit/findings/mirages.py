"""Green KPIs and what they may hide: each KPI, its target, its counter-signals, and one of seven states.

A counter-signal that is a difference is bad on the harmful side by at least its materiality; one that is a single
figure when it lies beyond its own target. Only a verdict demonstrates: a difference `demonstrated`, or a single figure
`established` with its interval wholly beyond the target.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cxaudit.schema.results import Counter, Measure, Mirage, NotComputable
from cxaudit.schema.settings import Settings

HIGH, LOW = 1, -1  # the side on which a figure does harm
ALARMS = ("alert", "watch")


@dataclass(frozen=True, slots=True)
class Single:
    """A figure held against its own target, a name in the settings' targets."""

    measure: str
    target: str
    harm: int

    def bad(self, measure: Measure, settings: Settings) -> bool | None:
        limit = getattr(settings.targets, self.target)
        if limit is None or measure.value is None:
            return None
        return self.harm * (measure.value - limit) > 0

    def demonstrated(self, measure: Measure, settings: Settings) -> bool:
        limit = getattr(settings.targets, self.target)
        nearest = measure.low if self.harm == HIGH else measure.high
        if limit is None or nearest is None or measure.verdict != "established":
            return False
        return self.harm * (nearest - limit) > 0


@dataclass(frozen=True, slots=True)
class Difference:
    """A gap held against its materiality, a name in the settings' materiality."""

    measure: str
    materiality: str
    harm: int

    def bad(self, measure: Measure, settings: Settings) -> bool | None:
        if measure.value is None:
            return None
        return self.harm * measure.value >= getattr(settings.materiality, self.materiality)

    def demonstrated(self, measure: Measure, settings: Settings) -> bool:
        return measure.verdict == "demonstrated" and bool(self.bad(measure, settings))


@dataclass(frozen=True, slots=True)
class Alarm:
    """A control chart's state: an alarm is bad, but proves nothing by itself."""

    measure: str

    def bad(self, measure: Measure, settings: Settings) -> bool | None:
        state = measure.facts.get("state")
        return None if state in (None, "unknown") else state in ALARMS

    def demonstrated(self, measure: Measure, settings: Settings) -> bool:
        return False


Rule = Single | Difference | Alarm


@dataclass(frozen=True, slots=True)
class Question:
    """A KPI, the name of its target, the side on which it does harm, and what the audit holds against it.

    `strength`: whether its good side is good for customers; a volume or a pace of work on target merely holds.
    """

    key: str
    kpi: str
    target: str
    harm: int
    counters: tuple[Rule, ...]
    strength: bool = True


_SPEED = (
    Difference("field.handle_time.gap", "recontact", HIGH),
    Difference("field.hard_transfer.gap", "default", HIGH),
    Difference("field.hard_wait.gap", "wait_hours", HIGH),
    Difference("field.listening.fast_gap", "default", LOW),
)

QUESTIONS: tuple[Question, ...] = (
    Question(
        "csat",
        "surface.csat",
        "csat",
        LOW,
        (
            Single("surface.csat.reweighted", "csat", LOW),
            Difference("surface.csat.recontact.gap", "recontact", HIGH),
            Difference("surface.csat.repurchase.gap", "default", LOW),
            Difference("surface.csat.tone.gap", "default", HIGH),
        ),
    ),
    Question(
        "first_reply",
        "surface.first_reply_hours",
        "first_reply_hours",
        HIGH,
        (
            Difference("cross.reply_speed.gap", "recontact", HIGH),
            Single("field.canned.share", "canned", HIGH),
            Difference("field.quick_close.gap", "recontact", HIGH),
        ),
    ),
    Question(
        "few_tickets",
        "surface.tickets_per_100_orders",
        "tickets_per_100_orders",
        HIGH,
        (Single("silence.customers.90d", "silent", HIGH), Alarm("silence.contacts.weekly")),
        strength=False,
    ),
    Question(
        "resolution",
        "surface.resolution",
        "resolution",
        LOW,
        (
            Single("surface.recontact_after_close.7d", "recontact_after_close", HIGH),
            Single("surface.reopened.share", "reopened", HIGH),
        ),
    ),
    Question("handle_time", "surface.handle_minutes", "handle_minutes", HIGH, _SPEED, strength=False),
    Question(
        "pickup",
        "surface.pickup",
        "pickup",
        LOW,
        (Single("surface.recontact_after_call.7d", "recontact_after_close", HIGH), *_SPEED),
    ),
    Question(
        "tickets_handled",
        "surface.handled",
        "handled",
        LOW,
        (
            Single("surface.episodes_per_order", "episodes_per_order", HIGH),
            Single("recontact.topic.30d", "recontact", HIGH),
        ),
        strength=False,
    ),
    Question(
        "nps",
        "surface.nps",
        "nps",
        LOW,
        tuple(Single(f"cross.nps.{journey}", "nps", LOW) for journey in ("purchase", "support", "return")),
    ),
    Question(
        "gestures",
        "surface.gestures",
        "gestures",
        LOW,
        (Single("gesture.no_effect.90d", "no_effect", HIGH), Difference("gesture.gap.90d", "default", LOW)),
        strength=False,
    ),
)


def mirages(
    measures: Mapping[str, Measure], not_computable: Mapping[str, NotComputable], settings: Settings
) -> tuple[Mirage, ...]:
    """The nine mirages in the order of `QUESTIONS`; a measure without a value counts as not computable."""
    known = {key: item for key, item in measures.items() if key not in not_computable and item.value is not None}
    return tuple(_mirage(question, known, settings) for question in QUESTIONS)


def _mirage(question: Question, known: Mapping[str, Measure], settings: Settings) -> Mirage:
    kpi = known.get(question.kpi)
    target = getattr(settings.targets, question.target)
    value = kpi.value if kpi else None
    green = None if value is None or target is None else question.harm * (value - target) <= 0
    judged = [
        (rule, known[rule.measure], _counter(rule, known[rule.measure], settings))
        for rule in question.counters
        if rule.measure in known
    ]
    usable = [item for item in judged if item[2].bad is not None]
    state = _state(kpi, target, green, usable, settings)
    return Mirage(question.key, question.kpi, value, target, green, state, tuple(item for _, _, item in usable))


def _counter(rule: Rule, measure: Measure, settings: Settings) -> Counter:
    return Counter(rule.measure, measure.value, measure.verdict, rule.bad(measure, settings))


def _state(
    kpi: Measure | None,
    target: float | None,
    green: bool | None,
    counters: list[tuple[Rule, Measure, Counter]],
    settings: Settings,
) -> str:
    if kpi is None:
        return "not computable"
    if target is None:
        return "no target"
    if not green:
        return "not green"
    if not counters:
        return "not computable"
    if any(counter.bad and rule.demonstrated(measure, settings) for rule, measure, counter in counters):
        return "confirmed"
    if any(counter.bad for _, _, counter in counters):
        return "suspected"
    return "cleared" if whole(kpi) and all(enough(measure) for _, measure, _ in counters) else "open"


def whole(kpi: Measure) -> bool:
    """Whether a KPI on target may be said to hold: on enough units, of sources that are not missing for a while."""
    return enough(kpi) and "R9" not in kpi.refusals


def enough(measure: Measure) -> bool:
    """Whether a figure stands on enough units to be held for anything."""
    return "R1" not in measure.refusals and measure.verdict != "insufficient"
