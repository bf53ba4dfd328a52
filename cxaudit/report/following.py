"""Sentences that follow the workbook's states: a formula chooses among the few that the record allows.

A sentence that quotes its targets is shown while they, and its state, are those of the audit. What no short formula can
choose stays as it was written, beside a mark that shows where a limit, an interval or a verdict is no longer the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from cxaudit.findings.claims import CLAIMS
from cxaudit.findings.confronted import why
from cxaudit.report import states
from cxaudit.report.book import Book, Spot
from cxaudit.report.live import Live, text
from cxaudit.report.wording import clean, spoken, word
from cxaudit.schema.results import Finding, Mirage

STATES = ("confirmed", "suspected", "open", "cleared", "not green", "no target", "not computable")
LOUD = ("confirmed", "suspected")
VERDICTS = ("established", "indicative", "insufficient", "withheld", "demonstrated", "not demonstrated")
MOST_CHARACTERS = 8000  # Excel takes 8 192 in a formula
SAME = 1e-9
IRRITANT_GAP = "gap.recontact"


def hides(book: Book, mirage: Mirage) -> Live | str:
    """What a green KPI may hide, or what its quiet state means, by the state that its cell shows."""
    own = word(f"mirage.{mirage.key}", "hides", book.lang)
    said = {state: own if state in LOUD else _meaning(book, mirage, state) for state in STATES}
    return _chosen(book.spots[f"mirage.{mirage.key}.state"].reference, _worded(book, said), said[mirage.state])


def confronted(book: Book, mirage: Mirage, finding: Finding) -> Live | str:
    """A KPI's finding: the audit's own while state and target are the audit's, else what its state now means."""
    said = spoken(finding.text, book.lang)
    state, target = (book.spots[f"mirage.{mirage.key}.{part}"] for part in ("state", "target"))
    name = word(f"mirage.{mirage.key}", "name", book.lang)
    now = {key: book.say("summary.now", name=name, said=_meaning(book, mirage, key)) for key in STATES}
    then = f"NOT(OR({_differs(state)},{_differs(target)}))"
    return _live(f"IF({then},{literal(said)},{_choice(state.reference, _worded(book, now))})", said)


def reading(book: Book, key: str) -> Live | str:
    """What is said of a figure: its first finding while nothing in it has changed, else what its verdict allows."""
    measure = book.audit.measures[key]
    finding = next((item for item in book.audit.findings if key in item.measures), None)
    verdict = book.spots.get(f"{key}.verdict")
    plain = word("verdict.why", measure.verdict, book.lang)
    said = spoken(finding.text, book.lang) if finding else plain
    if verdict is None or not verdict.value:
        return said
    whys = {word("verdict", item, book.lang): word("verdict.why", item, book.lang) for item in VERDICTS}
    now = '""'
    for shown, meant in reversed(list(whys.items())):
        now = f"IF(LEFT({verdict.reference},LEN({text(shown)}))={text(shown)},{literal(meant)},{now})"
    then = "OR(" + ",".join([*(changes(book, finding) if finding else []), _differs(verdict)]) + ")"
    return _live(f"IF({then},{now},{literal(said)})" if finding else now, said)


def changed(book: Book, finding: Finding) -> Live | None:
    """A mark beside a finding of which a limit, an interval or a verdict is no longer the audit's."""
    found = changes(book, finding)
    return Live(f'=IF(OR({",".join(found)}),{text(book.say("summary.changed"))},"")', "") if found else None


def changes(book: Book, finding: Finding) -> list[str]:
    """The conditions under which a finding is no longer what the audit would say."""
    kind, _, name = finding.key.partition(".")
    if kind == "change":
        return []
    keys = [f"{measure}.{part}" for measure in finding.measures for part in ("low", "high", "verdict")]
    if kind == "mirage":
        keys += [f"mirage.{name}.{part}" for part in ("state", "target")]
    rule = next((claim.rule for claim in CLAIMS if claim.key == finding.key), None)
    held = states.held(rule) if rule else None
    keys += [held.parameter] if held else [IRRITANT_GAP] if kind == "irritant" else []
    return [_differs(book.spots[key]) for key in dict.fromkeys(keys) if key in book.spots]


def literal(said: str) -> str:
    """A text in a formula, in pieces of the length that Excel takes."""
    said = clean(said)
    pieces = [said[start : start + 120] for start in range(0, len(said), 120)]
    return "&".join(map(text, pieces)) or '""'


def _differs(spot: Spot) -> str:
    """Whether a cell no longer shows what the audit wrote in it."""
    if isinstance(spot.value, int | float):
        return f"IF(ISNUMBER({spot.reference}),ABS({spot.reference}-({spot.value!r}))>{SAME},TRUE)"
    return f"{spot.reference}<>{literal(str(spot.value or ''))}"


def _meaning(book: Book, mirage: Mirage, state: str) -> str:
    """What a state means; of the audit's own, what is missing where nothing could be computed."""
    if state == mirage.state:
        return why(mirage, book.audit, book.lang)
    return word("state.why", state, book.lang)


def _worded(book: Book, said: Mapping[str, str]) -> Mapping[str, str]:
    return {word("state", state, book.lang): sentence for state, sentence in said.items()}


def _chosen(reference: str, said: Mapping[str, str], now: str) -> Live | str:
    return _live(_choice(reference, said), now)


def _choice(reference: str, said: Mapping[str, str]) -> str:
    """The sentence of the word that a cell shows."""
    formula = '""'
    for shown, sentence in reversed(list(said.items())):
        formula = f"IF({reference}={text(shown)},{literal(sentence)},{formula})"
    return formula


def _live(formula: str, said: str) -> Live | str:
    """The sentence by its formula; as plain text where the formula would be longer than Excel takes."""
    return Live(f"={formula}", said) if len(formula) < MOST_CHARACTERS else said
