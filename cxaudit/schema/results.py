"""The records of an audit: what the signals compute and every face draws.

One figure is one `Measure`, whether the app, the JSON or the workbook shows it. Sentences are `Phrase`s: a text key and
its facts, worded in French or English only where they are shown. All records are frozen; shares are 0-1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cxaudit.schema.currencies import EURO
from cxaudit.schema.phrase import Phrase

UNITS = ("share", "days", "hours", "minutes", "score", "points", "eur", "count", "per_100")
SINGLE_VERDICTS = ("insufficient", "indicative", "established")
DIFFERENCE_VERDICTS = ("insufficient", "withheld", "demonstrated", "not demonstrated")


@dataclass(frozen=True, slots=True)
class Point:
    """One month of a measure; `month` is its first day, `people` how many customers its units are of, where known."""

    month: date
    numerator: float | None
    denominator: float
    value: float | None
    low: float | None = None
    high: float | None = None
    n_eff: float | None = None
    people: float | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """One class of a measure's units: the client's own value of a reason, channel, product …

    `people`: how many customers are in it, where known.
    """

    segment: str
    numerator: float | None
    denominator: float
    value: float | None
    low: float | None = None
    high: float | None = None
    n_eff: float | None = None
    verdict: str | None = None
    people: float | None = None


@dataclass(frozen=True, slots=True)
class Daily:
    """A measure's mature units by index day over the whole history, for the context model; never exported.

    Parallel tuples. `days` counts from 1970-01-01; `scopes` is the bit mask of the scopes (`Context.scopes`) that the
    units of the row fall under (0 without scoped events); `sums` holds successes of a share, or the sum of a mean.
    """

    days: tuple[int, ...]
    units: tuple[float, ...]
    sums: tuple[float, ...]
    scopes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure with its uncertainty and what was left out of it.

    Numerator and denominator: of a share, successes and units; of a mean, the sum and n; of an NPS, promoters minus
    detractors and answers (value in points, -100 to 100); of an amount, null and the number of rows; of a Kaplan-Meier
    share, events within the window and units at the start. `value` is null where there is no unit. The unit of every
    amount is `eur`, whatever its `currency`.
    """

    key: str
    unit: str
    numerator: float | None
    denominator: float
    value: float | None
    low: float | None = None
    high: float | None = None
    n_eff: float | None = None
    deff: float | None = None
    verdict: str = "insufficient"
    refusals: tuple[str, ...] = ()
    excluded: Mapping[str, int] = field(default_factory=dict)
    series: tuple[Point, ...] = ()
    segments: Mapping[str, tuple[Segment, ...]] = field(default_factory=dict)
    kind: str = "single"
    detectable: float | None = None
    notes: tuple[Phrase, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    daily: Daily | None = None
    currency: str = ""

    @property
    def shown_unit(self) -> str:
        """What the value is shown in: an amount's currency, else the unit."""
        return self.currency or EURO if self.unit == "eur" else self.unit


@dataclass(frozen=True, slots=True)
class NotComputable:
    """A measure that the data at hand do not allow: the canonical columns that are missing, and why in one phrase."""

    key: str
    missing: tuple[str, ...]
    why: Phrase


Result = Measure | NotComputable


@dataclass(frozen=True, slots=True)
class SetAside:
    """Rows of one export that serve nothing, by reason (a key of `texts`)."""

    reason: str
    rows: int


@dataclass(frozen=True, slots=True)
class Export:
    """One file, sheet or archive member as it was read: rows_read = rows_kept + rows_folded + all set aside.

    `totals` are sums that check the folding, whatever the currency; `amounts` are those of orders by currency, under ""
    where the order says none, and empty where none does.
    """

    file: str
    table: str
    platform: str | None
    mapping: Mapping[str, str]
    rows_read: int
    rows_kept: int
    rows_folded: int
    set_aside: tuple[SetAside, ...] = ()
    totals: Mapping[str, float] = field(default_factory=dict)
    sheet: str | None = None
    derived: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""
    first_day: date | None = None
    last_day: date | None = None
    amounts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Join:
    """How many rows of one table meet a row of another, by which key."""

    origin: str
    target: str
    by: str
    matched: int
    total: int

    @property
    def share(self) -> float | None:
        return self.matched / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Event:
    """One context event; both days inclusive. `scope` is empty or `field=value` (country, channel, product …).

    `scope_given` is the scope as it was written: kept beside a scope that the data answered in their own words, and
    beside an empty one where no column answered, so that the event touches everything.
    """

    name: str
    kind: str
    starts_on: date
    ends_on: date
    scope: str = ""
    scope_given: str = ""

    @property
    def unanswered(self) -> bool:
        """Whether it was given a scope that the data know nothing of."""
        return bool(self.scope_given) and not self.scope


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An event that the data or a calendar suggest; it counts only once confirmed."""

    name: str
    kind: str
    starts_on: date
    ends_on: date
    source: str
    ratio: float | None = None
    why: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Adjusted:
    """One measure between two periods, raw and in normal conditions; lines and remaining sum to the raw difference."""

    key: str
    raw_a: float | None
    raw_b: float | None
    raw_diff: float | None
    adjusted_a: float | None
    adjusted_b: float | None
    lines: Mapping[str, float]
    remaining: float | None
    low: float | None
    high: float | None
    verdict: str
    refusals: tuple[str, ...] = ()
    rung: str = ""
    questions: tuple[date, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """A comparison's period: two days, both inclusive."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Daybook:
    """What happened day by day, to be told beside the events; never exported.

    `first` counts from 1970-01-01; the tuples hold one count a day from there on, without holes: eligible orders,
    eligible tickets, and tickets of the most frequent reasons. `fields` are the values that an event's scope may name,
    by field, the most frequent first.
    """

    first: int
    orders: tuple[int, ...] = ()
    tickets: tuple[int, ...] = ()
    reasons: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Context:
    """The adjusted comparison of all measures that have daily units; `scopes` is what the bits of `Daily` stand for."""

    a: Span | None = None
    b: Span | None = None
    rung: str = ""
    signals: Mapping[str, Adjusted] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    suggested: tuple[Suggestion, ...] = ()
    scopes: tuple[str, ...] = ()
    daybook: Daybook | None = None


@dataclass(frozen=True, slots=True)
class Counter:
    """One counter-signal of a mirage."""

    measure: str
    value: float | None
    verdict: str
    bad: bool | None


@dataclass(frozen=True, slots=True)
class Mirage:
    """A surface KPI beside what it may hide."""

    key: str
    kpi: str
    value: float | None
    target: float | None
    green: bool | None
    state: str
    counter: tuple[Counter, ...] = ()


@dataclass(frozen=True, slots=True)
class Irritant:
    """A recurring reason or topic; `terms` are words and short phrases, never quotes."""

    label: str
    terms: tuple[str, ...]
    tickets: int
    share: float
    growth: float | None
    recontact: float | None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remark:
    """A topic of front-line remarks."""

    topic: str
    first_seen: date
    remarks: int
    tickets: int


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of the listening grid."""

    criterion: str
    checks: int
    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """What the people on the phone and in the tickets know."""

    irritants: tuple[Irritant, ...] = ()
    remarks: tuple[Remark, ...] = ()
    criteria: tuple[Criterion, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What is said: never more than the verdicts of its measures allow."""

    key: str
    severity: str
    measures: tuple[str, ...]
    state: str
    text: Phrase
    actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stake:
    """An amount of money with its interval.

    `demonstrated` is False where the interval holds 0, and of a sum, which compares nothing: `facts["verdict"]` is then
    that of the figure that it stands on.
    """

    key: str
    value: float | None
    low: float | None
    high: float | None
    demonstrated: bool
    facts: Mapping[str, Any] = field(default_factory=dict)
    currency: str = EURO


@dataclass(frozen=True, slots=True)
class Audit:
    """Everything an audit found, ready to be drawn; holds no raw row and no personal data.

    Every amount in it is in `currency`; `currencies` counts the orders with an amount by what they say of theirs.
    """

    cxaudit: str
    definitions: str
    as_of: date | None
    period: Span | None
    exports: tuple[Export, ...] = ()
    joins: tuple[Join, ...] = ()
    measures: Mapping[str, Measure] = field(default_factory=dict)
    not_computable: Mapping[str, NotComputable] = field(default_factory=dict)
    context: Context = field(default_factory=Context)
    mirages: tuple[Mirage, ...] = ()
    field_work: Field = field(default_factory=Field)
    findings: tuple[Finding, ...] = ()
    stakes: Mapping[str, Stake] = field(default_factory=dict)
    warnings: tuple[Phrase, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    rules: Mapping[str, int] = field(default_factory=dict)
    settings: Any = None
    first: date | None = None
    currency: str = EURO
    currencies: Mapping[str, int] = field(default_factory=dict)

    @property
    def compared_apart(self) -> Span | None:
        """The period that adjusted figures are of, where it is not the audit's own; else None."""
        return self.context.b if self.context.b != self.period else None
