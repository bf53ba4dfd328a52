"""The slides around the evidence: cover, confrontation, plan, and what is missing beside how the rest is counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cxaudit.findings.confronted import firm, leading, why
from cxaudit.findings.headline import headline
from cxaudit.report.amounts import amount, interval, shown
from cxaudit.report.deck.canvas import SMALL, Deck, Field, Ink, Leaf
from cxaudit.report.deck.layout import BOTTOM, HIGH, MARGIN, ROOM, WIDE, Box
from cxaudit.report.deck.story import HEADLINES, exhibits
from cxaudit.report.figures import plain_unit
from cxaudit.report.sheets.cover import frame
from cxaudit.report.sheets.plan import suggested
from cxaudit.report.sheets.surface import ranked
from cxaudit.report.style import INK, MUTED, PAPER, READABLE, SIGNAL_TEXT, STATES, contrast, legible
from cxaudit.report.wording import measure_name, spoken, stripped, word
from cxaudit.schema.results import Measure, Mirage
from cxaudit.schema.tables import TABLES
from cxaudit.schema.workshop import Action
from cxaudit.texts import day, known, money

MOST_ACTIONS, MOST_MISSING, NAMED = 8, 7, 3
METHOD = ("maturity", "interval", "cluster", "difference", "context", "standardised", "money")
_LOUD = ("confirmed", "suspected")
_HALF = (ROOM - 40) / 2
BAND, RIGHT = 300.0, 340.0


def cover(deck: Deck) -> None:
    """Whose audit, of what, until when, in one line; and what was removed."""
    audit, lang, accent = deck.audit, deck.lang, deck.request.accent
    leaf = deck.blank([deck.say("deck.cover_notes"), deck.say("cover.marks_text")])
    leaf.panel(Box(0, 0, BAND, HIGH), accent)
    paper = PAPER if contrast(accent, PAPER) >= READABLE else INK
    leaf.text(Box(MARGIN, 150, BAND - 60, 200), deck.request.client, Ink((30, 26, 22, 18, 15, 12), True, paper))
    if deck.request.logo:
        leaf.picture(deck.request.logo, Box(WIDE - MARGIN - 160, 30, 160, 64), deck.say("alt.logo"))
    leaf.title(deck.say("cover.title"), Box(RIGHT, 108, WIDE - RIGHT - MARGIN, 34))
    if audit.mirages:
        said = Ink((34, 30, 26, 22), True, legible(accent))
        leaf.text(Box(RIGHT, 150, WIDE - RIGHT - MARGIN, 88), headline(audit.mirages, lang), said)
    top = 256.0
    for name, said_of in _frame(deck):
        leaf.text(Box(RIGHT, top, 150, 20), name, Ink((13, 12, 11), colour=MUTED))
        leaf.text(Box(RIGHT + 158, top, WIDE - RIGHT - MARGIN - 158, 36), said_of, Ink((13, 12, 11, 10), bold=True))
        top += 28
    removed = deck.say("deck.removed", count=deck.request.removed)
    leaf.text(Box(RIGHT, BOTTOM - 52, WIDE - RIGHT - MARGIN, 60), removed, SMALL)


def _frame(deck: Deck) -> list[tuple[str, str]]:
    audit, lang = deck.audit, deck.lang
    given = [word("word.table", name, lang) for name in TABLES if name in {e.table for e in audit.exports}]
    return [*frame(audit, lang), (deck.say("cover.given"), ", ".join(given) or deck.say("cover.nothing_given"))]


# ---- the confrontation ---------------------------------------------------------------------------------------------

_CONFRONTATION = (("kpi", 142), ("value", 66), ("target", 64), ("state", 120), ("hides", 244), ("evidence", 244))


def confrontation(deck: Deck) -> None:
    """What the client's dashboard shows beside what it hides, then the five signals."""
    lang = deck.lang
    notes = [deck.say("summary.lead"), deck.say("cover.marks_text"), deck.say("summary.stakes_note")]
    mirages = ranked(deck.audit.mirages)
    title = headline(mirages, lang) if mirages else deck.say("surface.none")
    leaf = deck.slide(deck.say("summary.confrontation"), title, notes)
    top = 92.0
    if mirages:
        bold = {"kpi": Ink((12, 11, 10), bold=True), "value": Ink((13, 12, 11), bold=True, right=True)}
        inks = {**bold, "target": Ink((11, 10), right=True, colour=MUTED), "state": Ink((11, 10), bold=True)}
        columns = [
            Field(deck.say(f"column.{name}"), width, inks.get(name, Ink((10.5, 10, 9.5, 9))))
            for name, width in _CONFRONTATION
        ]
        tall = min(33.0, (BOTTOM - 94 - top - 20) / len(mirages))
        leaf.table(top, columns, [_row(deck, item) for item in mirages], tall, deck.say("summary.confrontation"))
    _signals(leaf, BOTTOM - 84 if mirages else 130)


def _row(deck: Deck, mirage: Mirage) -> list[str]:
    lang, measures = deck.lang, deck.audit.measures
    unit = plain_unit(measures.get(mirage.kpi))
    loud = mirage.state in _LOUD
    counter = leading(mirage, deck.audit) if loud else None
    proof = measures.get(counter.measure) if counter else None
    return [
        word(f"mirage.{mirage.key}", "name", lang),
        amount(mirage.value, unit, lang),
        _target(mirage.target, unit, lang),
        word("state", mirage.state, lang),
        word(f"mirage.{mirage.key}", "hides", lang) if loud else why(mirage, deck.audit, lang),
        figure(deck, proof) if proof else "",
    ]


def _target(target: float | None, unit: str, lang: str) -> str:
    """A target, without a tenth of a percent that is nought."""
    return "" if target is None else amount(target, unit, lang, 0 if float(round(100 * target, 6)).is_integer() else 1)


def figure(deck: Deck, measure: Measure) -> str:
    """A figure with its name and its interval."""
    between = interval(measure, deck.lang)
    value = shown(measure, deck.lang) + (f" ({between})" if between else "")
    return deck.say("deck.figure", name=measure_name(measure.key, deck.lang), value=value)


def _signals(leaf: Leaf, top: float) -> None:
    """The five signals in a row: figure, interval, verdict."""
    deck, lang = leaf.deck, leaf.deck.lang
    width, gap = (ROOM - 4 * 9) / 5, 9.0
    for place, key in enumerate(HEADLINES):
        left = MARGIN + place * (width + gap)
        leaf.panel(Box(left, top, width, 84))
        inside = width - 16
        leaf.text(Box(left + 8, top + 6, inside, 24), measure_name(key, lang), Ink((10, 9.5, 9, 8.5), colour=MUTED))
        measure = deck.audit.measures.get(key)
        if measure is None or measure.value is None:
            said = word("state", "not computable", lang)
            leaf.text(Box(left + 8, top + 40, inside, 16), said, Ink((12, 11, 10), True, STATES["○"][0]))
            continue
        leaf.text(Box(left + 8, top + 29, inside, 28), shown(measure, lang), Ink((22, 20, 18), True, SIGNAL_TEXT))
        verdict = word("verdict", measure.verdict, lang)
        said = "\n".join(part for part in (interval(measure, lang), " · ".join((verdict, *measure.refusals))) if part)
        leaf.text(Box(left + 8, top + 56, inside, 26), said, Ink((10, 9.5, 9, 8.5)))


# ---- the plan ------------------------------------------------------------------------------------------------------

_PLAN = (("action", 296), ("owner", 104), ("due", 84), ("effort", 66), ("status", 74), ("finding", 256))


def plan(deck: Deck) -> None:
    """The plan of the workshop, else the actions that the findings suggest."""
    decided = list(deck.request.plan)
    actions = decided or list(suggested(deck.audit, deck.lang))
    if not actions:
        return
    kept = actions[:MOST_ACTIONS]
    title = deck.say("deck.plan.decided" if decided else "deck.plan.proposed", count=len(actions))
    leaf = deck.slide(deck.say("sheet.plan"), title, [deck.say("plan.lead" if decided else "plan.proposed")])
    columns = [Field(deck.say(f"column.{name}"), width, Ink((11, 10, 9.5, 9))) for name, width in _PLAN]
    columns[0] = Field(columns[0].title, columns[0].width, Ink((12, 11, 10, 9.5), bold=True))
    tall = min(52.0, (BOTTOM - 92 - 42) / len(kept))
    end = leaf.table(92, columns, [_action(deck, item) for item in kept], tall, deck.say("sheet.plan"))
    if len(actions) > len(kept):
        leaf.text(Box(MARGIN, end + 4, ROOM, 14), deck.say("deck.more", count=len(actions) - len(kept)), SMALL)


def _action(deck: Deck, action: Action) -> list[str]:
    lang = deck.lang
    finding = next((item for item in deck.audit.findings if item.key == action.finding), None)
    why = stripped(spoken(finding.text, lang)) if finding else ""
    stake = deck.audit.stakes.get(action.stake)
    loud = stake if stake is not None and firm(stake) else None
    worth = money(loud.value, lang, loud.currency) if loud is not None and loud.value is not None else ""
    return [
        stripped(action.action),
        stripped(action.owner),
        day(action.due, lang) if action.due else "",
        word("word.effort", action.effort, lang) if action.effort else "",
        word("word.status", action.status, lang),
        " · ".join(part for part in (worth, why) if part),
    ]


# ---- what is missing, and the method -------------------------------------------------------------------------------


def closing(deck: Deck) -> None:
    """What could not be computed and what would unlock it, beside how the rest is counted."""
    notes = [deck.say("method.lead", definitions=deck.audit.definitions), deck.say("method.privacy.text")]
    leaf = deck.slide(deck.say("deck.closing.kicker"), deck.say("deck.closing.title"), notes)
    box = Box(MARGIN, 96, _HALF, BOTTOM - 96)
    absent = [word("word.table", t, deck.lang) for t in TABLES if t not in {e.table for e in deck.audit.exports}]
    missing = unmeasured(deck) or [deck.say("deck.closing.nothing")]
    missing += [deck.say("cover.not_given", tables=absent)] if absent else []
    reserved = list(_reservations(deck))
    share = 0.62 if reserved else 1.0
    end = leaf.paragraphs(
        Box(box.left, box.top, box.width, box.height * share), deck.say("missing.heading"), missing, _LIST
    )
    rest = Box(box.left, end + 12, box.width, BOTTOM - end - 12)
    leaf.paragraphs(rest, deck.say("method.refusals"), reserved, _LIST)
    said = [f"{deck.say(f'method.{key}.name')}. {_method(deck, key)}" for key in METHOD]
    leaf.paragraphs(Box(box.left + _HALF + 40, 96, _HALF, box.height), deck.say("deck.closing.method"), said, _LIST, 7)


def _method(deck: Deck, key: str) -> str:
    """A principle in the workbook's words, but for what holds of cells alone."""
    own = f"deck.method.{key}"
    return deck.say(own) if known(f"report.{own}") else deck.say(f"method.{key}.text")


def _reservations(deck: Deck) -> Iterator[str]:
    """The reservations that stand on the figures of these slides."""
    shown_here = [*HEADLINES, *(exhibit.measure.key for exhibit in exhibits(deck.audit))]
    measures = deck.audit.measures
    for code in sorted({code for key in shown_here if key in measures for code in measures[key].refusals}):
        yield f"{code} · {word('refusal', code, deck.lang)}"


_LIST = Ink((13, 12.5, 12, 11.5, 11, 10.5, 10))


def unmeasured(deck: Deck) -> list[str]:
    """The figures that could not be computed, by the table whose columns they lack, most first."""
    by_table: dict[str, list[str]] = {}
    for item in deck.audit.not_computable.values():
        table = item.missing[0].partition(".")[0] if item.missing else ""
        by_table.setdefault(table, []).append(measure_name(item.key, deck.lang))
    known_keys = {**deck.audit.measures, **deck.audit.not_computable}
    if unknown := [measure_name(key, deck.lang) for key in HEADLINES if key not in known_keys]:
        by_table[""] = [*by_table.get("", []), *unknown]
    ordered = sorted(by_table.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [_lacking(deck, table, names) for table, names in ordered[:MOST_MISSING]]


def _lacking(deck: Deck, table: str, names: Sequence[str]) -> str:
    facts = {"count": len(names), "names": tuple(names[:NAMED])}
    if not table:
        return deck.say("deck.closing.other", **facts)
    return deck.say("deck.closing.table", table=word("word.table", table, deck.lang), **facts)
