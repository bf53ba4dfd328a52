"""The slides that prove: one finding and its figure each, and the difference between two periods, line by line."""

from __future__ import annotations

from cxaudit.report.amounts import amount, between, interval, places, shown, signed
from cxaudit.report.deck import charts
from cxaudit.report.deck.canvas import SMALL, Deck, Ink, Leaf
from cxaudit.report.deck.layout import BOTTOM, MARGIN, ROOM, TOP, Box
from cxaudit.report.deck.slides import figure
from cxaudit.report.deck.story import Exhibit
from cxaudit.report.figures import display_unit
from cxaudit.report.live import finite
from cxaudit.report.scale import Bar
from cxaudit.report.sheets.plan import action_text
from cxaudit.report.style import MUTED, SIGNAL_TEXT
from cxaudit.report.wording import measure_name, measure_text, measure_texts, spoken, stripped, word
from cxaudit.report.wording import shown as shorten
from cxaudit.schema.results import Adjusted, Event, Measure, Point, Segment
from cxaudit.texts import day, month, period

LEFT = 318.0
GUTTER = 26.0
CHART = Box(MARGIN + LEFT + GUTTER, TOP + 24, ROOM - LEFT - GUTTER, BOTTOM - TOP - 76)
MOST_EVENTS = 7


def draw_finding(deck: Deck, exhibit: Exhibit) -> None:
    """A finding: its sentence as title, its figure large, its chart, what it is blind to, what one may do."""
    measure, lang = exhibit.measure, deck.lang
    said = stripped(spoken(exhibit.finding.text, lang))
    kicker = measure_text(measure.key, "question", lang) or measure_name(measure.key, lang)
    leaf = deck.slide(kicker, said, _notes(deck, exhibit))
    leaf.panel(Box(MARGIN, TOP, LEFT, 128))
    leaf.state(Box(MARGIN + 14, TOP + 10, LEFT - 28, 22), word("state", exhibit.finding.state, lang))
    value = Ink((38, 32, 26, 20), bold=True, colour=SIGNAL_TEXT)
    leaf.text(Box(MARGIN + 14, TOP + 34, LEFT - 28, 48), shown(measure, lang), value)
    leaf.text(Box(MARGIN + 14, TOP + 83, LEFT - 28, 17), interval(measure, lang), Ink((13, 12, 11)))
    leaf.text(Box(MARGIN + 14, TOP + 102, LEFT - 28, 24), counted(deck, exhibit), SMALL)
    top = leaf.paragraphs(
        Box(MARGIN, TOP + 142, LEFT, 120),
        deck.say("blind.heading"),
        measure_texts(measure.key, "blind", lang)[:3],
        _SIDE,
    )
    actions = [action_text(key, lang) for key in exhibit.finding.actions]
    leaf.paragraphs(Box(MARGIN, top + 8, LEFT, BOTTOM - top - 8), deck.say("advice.heading"), actions, _SIDE)
    _figure(leaf, exhibit)
    reading = measure_text(measure.key, "reading", lang) or ""
    leaf.text(Box(CHART.left, BOTTOM - 42, CHART.width, 42), reading, Ink((12, 11, 10, 9), colour=MUTED))


_SIDE = Ink((13, 12, 11, 10))


def counted(deck: Deck, exhibit: Exhibit) -> str:
    """On how much a figure stands: its numerator and denominator, or the cases of a gap, and the effective ones."""
    measure = exhibit.measure
    sides = [item for item in (measure, *exhibit.sides) if item.numerator is not None and item.denominator]
    if measure.numerator is not None and measure.unit == "share" and measure.kind == "single":
        numbers = deck.say("deck.of", numerator=measure.numerator, denominator=measure.denominator)
    elif measure.kind == "difference" and len(exhibit.sides) == 2 and len(sides) >= 2:
        numbers = deck.say("deck.against", one=exhibit.sides[0].denominator, other=exhibit.sides[1].denominator)
    else:
        numbers = deck.say("deck.cases", cases=measure.denominator)
    if measure.n_eff is None or measure.n_eff == measure.denominator:
        return numbers
    return f"{numbers} · {deck.say('deck.effective', cases=int(measure.n_eff))}"


def _figure(leaf: Leaf, exhibit: Exhibit) -> None:
    deck, measure = leaf.deck, exhibit.measure
    name = measure_name(measure.key, deck.lang)
    caption = Box(CHART.left, TOP, CHART.width, 22)
    unit = display_unit(measure)
    if exhibit.by_month:
        leaf.text(caption, deck.say("months.heading", name=name), _CAPTION)
        months = [Bar(point.month, *_ends(point)) for point in measure.series]
        told = [f"{month(p.month, deck.lang)} {amount(p.value, measure.shown_unit, deck.lang)}" for p in measure.series]
        charts.trend(leaf, CHART, name, months, unit, deck.say("deck.alt.trend", name=name, values=told))
        return
    title = name
    if exhibit.cut:
        title = deck.say("segments.heading", name=name, segment=word("word.segment", exhibit.cut, deck.lang))
    leaf.text(caption, title, _CAPTION)
    items = _bars(deck, exhibit)
    box = Box(CHART.left, CHART.top, CHART.width, min(CHART.height, 120 + 90 * len(items)))
    alt = deck.say("deck.alt.bars", name=title, values=[str(item.label) for item in items])
    charts.bars(leaf, box, name, items, unit if len(exhibit.sides) < 2 else measure.shown_unit, alt)


_CAPTION = Ink((12, 11, 10), bold=True, colour=MUTED)


def _bars(deck: Deck, exhibit: Exhibit) -> list[Bar]:
    if exhibit.classes:
        named = [(word("word.class", word("word.table", i.segment, deck.lang), deck.lang), i) for i in exhibit.classes]
        return [Bar(_labelled(deck, exhibit.measure, shorten(name), i), *_ends(i)) for name, i in named]
    return [Bar(_labelled(deck, item, measure_name(item.key, deck.lang), item), *_ends(item)) for item in exhibit.sides]


def _labelled(deck: Deck, measure: Measure, name: str, item: Measure | Segment) -> str:
    """A bar's name, its value and its cases; the value stands there, clear of the interval."""
    value = amount(item.value, measure.shown_unit, deck.lang, places(item))
    if measure.kind == "difference":
        value = signed(item.value, measure.shown_unit, deck.lang)
    return deck.say("deck.bar", name=name, value=value, n=item.denominator)


def _ends(item: Measure | Segment | Point) -> tuple[float | None, float | None, float | None]:
    return finite(item.value), finite(item.low), finite(item.high)


def _notes(deck: Deck, exhibit: Exhibit) -> list[str]:
    """How to read the figure, what its verdict allows, the reservations that stand."""
    measure, lang = exhibit.measure, deck.lang
    refusals = [f"{code} · {word('refusal', code, lang)}" for code in measure.refusals]
    sides = [figure(deck, item) for item in exhibit.sides if item is not measure]
    return [
        deck.say("reading.heading"),
        measure_text(measure.key, "reading", lang) or "",
        word("verdict.why", measure.verdict, lang),
        "\n".join(sides),
        "\n".join(refusals),
        "\n".join(spoken(note, lang) for note in measure.notes),
    ]


# ---- between two periods -------------------------------------------------------------------------------------------


def draw_fall(deck: Deck, item: Adjusted) -> None:
    """A raw difference, what each declared kind of event adds to it, and what remains."""
    lang, name = deck.lang, measure_name(item.key, deck.lang)
    measure = deck.audit.measures.get(item.key)
    unit = measure.unit if measure else "share"
    facts = {"raw": signed(item.raw_diff, unit, lang), "remaining": signed(item.remaining, unit, lang)}
    title = deck.say("deck.fall", name=name, **facts)
    leaf = deck.slide(deck.say("sheet.context"), title, _fall_notes(deck, item))
    said = [_periods(deck), _normal(deck, item, unit), word("verdict.why", item.verdict, lang)]
    top = leaf.paragraphs(Box(MARGIN, TOP, LEFT, 160), word("verdict", item.verdict, lang).capitalize(), said, _SIDE)
    events = [_event(deck, event) for event in _compared(deck)]
    told = events[:MOST_EVENTS] + (
        [deck.say("deck.more", count=len(events) - MOST_EVENTS)] if len(events) > MOST_EVENTS else []
    )
    top = leaf.paragraphs(
        Box(MARGIN, top + 8, LEFT, BOTTOM - top - 8),
        deck.say("context.events"),
        told or [deck.say("deck.no_event" if deck.audit.context.events else "context.no_events")],
        _SIDE,
    )
    note = Ink((12, 11, 10), colour=MUTED)
    leaf.text(Box(CHART.left, BOTTOM - 42, CHART.width, 42), deck.say("context.remaining"), note)
    steps = [Bar(word("word.event", kind, lang), part) for kind, part in item.lines.items() if part]
    steps += [Bar(word("word.event", "remaining", lang), item.remaining), Bar(deck.say("context.total"), item.raw_diff)]
    told = [f"{step.label} {signed(step.value, unit, lang)}" for step in steps]
    leaf.text(Box(CHART.left, TOP, CHART.width, 22), deck.say("chart.waterfall", name=name), _CAPTION)
    charts.waterfall(leaf, CHART, steps, unit, deck.say("deck.alt.fall", name=name, values=told))


def _periods(deck: Deck) -> str:
    context = deck.audit.context
    if context.a is None or context.b is None:
        return ""
    a, b = (period((part.first, part.last), deck.lang) for part in (context.a, context.b))
    return deck.say("context.periods", a=a, b=b)


def _normal(deck: Deck, item: Adjusted, unit: str) -> str:
    """The remainder and its interval."""
    if item.low is None or item.high is None:
        return ""
    limits = between(item.low, item.high, unit, deck.lang)
    return deck.say("deck.remaining", value=signed(item.remaining, unit, deck.lang), between=limits)


def _compared(deck: Deck) -> list[Event]:
    """The declared events that touch one of the two periods."""
    context = deck.audit.context
    spans = [part for part in (context.a, context.b) if part is not None]
    return [e for e in context.events if any(e.starts_on <= s.last and e.ends_on >= s.first for s in spans)]


def _event(deck: Deck, event: Event) -> str:
    kind = word("word.event", event.kind, deck.lang)
    when = period((event.starts_on, event.ends_on), deck.lang)
    if event.starts_on == event.ends_on:
        when = day(event.starts_on, deck.lang)
    return f"{stripped(event.name)} ({kind}), {when}"


def _fall_notes(deck: Deck, item: Adjusted) -> list[str]:
    refusals = [f"{code} · {word('refusal', code, deck.lang)}" for code in item.refusals]
    return [deck.say("method.context.text"), deck.say("context.remaining"), "\n".join(refusals)]
