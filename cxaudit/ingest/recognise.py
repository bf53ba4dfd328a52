"""Which table an export fills, by which columns, and how sure that is; nothing is changed.

First the known exports (`layouts`), then the names and values of any other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from cxaudit.ingest.asking import ask, left_open, undatable
from cxaudit.ingest.criteria import criteria
from cxaudit.ingest.declines import decline, examples
from cxaudit.ingest.draft import Draft
from cxaudit.ingest.entries import NONE, Entry
from cxaudit.ingest.gaps import fill, fill_known, leave_rating_out, leave_staff_out
from cxaudit.ingest.grids import MADE, derived_of
from cxaudit.ingest.layouts import Layout, known_columns, known_mapping, match
from cxaudit.ingest.mapping import CUSTOM_LEAST, OWN, assign_table, is_question
from cxaudit.ingest.propose import propose
from cxaudit.ingest.ranking import Choice, anchored, rank
from cxaudit.ingest.seen import Seen, look
from cxaudit.ingest.sources import Sheet, Unreadable
from cxaudit.ingest.speaking import spoken_for
from cxaudit.ingest.voices import Voice, voice_of
from cxaudit.ingest.words import meaning, normal
from cxaudit.schema.results import Phrase
from cxaudit.schema.tables import TABLES

# How much more the names speak for no table than for the best one (see `ranking.Choice.none`).
NO_TABLE = 1.5
PLAINLY_A_TABLE = -2.5
LEAST_SCORE = 0.9


LEAST_SCORE_WHOLE = 0.2


# The questions of a survey are sentences: fewer words of theirs are known.
ASKED_LEAST = 0.7


NARROW_MARGIN = 1.5
_CUSTOMER_KEYS = ("customer_email", "customer_id")


_GRID_SURE = 0.9
# Whose texts a file holds is likely by their words, never certain.
_HEARD_SURE = 0.8
_UNHEARD_SURE = 0.5


def signature(names: Sequence[str]) -> str:
    """The same for every export of the same layout: a digest of its names without case, accents or order."""
    return hashlib.sha256("|".join(sorted(normal(name) for name in names)).encode()).hexdigest()[:16]


def recognise(sheet: Sheet | Unreadable, *, table: str | None = None) -> Entry:
    """What a sheet is; with `table`, how it would be mapped to that table."""
    if isinstance(sheet, Unreadable):
        return Entry(sheet.file, sheet.sheet, NONE, why=(sheet.why,), header_row=0, header_rows=0)
    base = Entry(
        sheet.file,
        sheet.sheet,
        NONE,
        why=tuple(sheet.why),
        encoding=sheet.encoding,
        delimiter=sheet.delimiter,
        header_row=sheet.header_row,
        header_rows=sheet.header_rows,
        rows=sheet.rows,
        columns=sheet.names,
        signature=signature(sheet.names),
        digest=sheet.digest,
    )
    if not sheet.names:
        return replace(base, why=(*base.why, Phrase.of("recognise.no_columns")))
    seen = look(sheet)
    known = match(sheet.names, seen.profiles) if sheet.header_row or sheet.names else None
    if known is not None and table in (None, known[0].table):
        return _by_layout(base, seen, *known)
    columns = criteria(seen) if table in (None, "listening") else ()
    return _by_criteria(base, seen, columns) if columns else _by_columns(base, seen, table)


def _by_layout(base: Entry, seen: Seen, layout: Layout, share: float) -> Entry:
    reason = Phrase.of("recognise.layout", brand=layout.brand, share=share)
    confidence = round(min(0.99, 0.75 + 0.25 * share), 3)
    entry = replace(base, platform=layout.platform, layout=layout.name, confidence=confidence)
    if layout.table == NONE:
        return replace(entry, why=(reason, Phrase.of(layout.text, brand=layout.brand), *base.why))
    mapping = known_mapping(layout, seen.names, seen.profiles)
    known = known_columns(layout, seen.names)
    draft = _draft(seen, layout.table, mapping, dict.fromkeys(mapping, confidence), known)
    _layout_rules(draft, layout)
    rest = assign_table(
        layout.table,
        seen.found,
        taken_fields={*draft.mapping, *draft.derived} - {*layout.weak},
        taken_columns={*known, *draft.mapping.values()},
        least=ASKED_LEAST if layout.table == "surveys" else CUSTOM_LEAST,
    )
    for name, (column, sure) in rest.items():
        draft.mapping[name], draft.sure[name] = column, sure
    fill_known(draft)
    return _finish(entry, draft, (reason,))


def _layout_rules(draft: Draft, layout: Layout) -> None:
    present = {normal(name): name for name in reversed(draft.names)}
    for name, rules in layout.derived.items():
        for rule in rules:
            sources = [present.get(normal(source)) for source in rule.get("from", ())]
            if draft.lacks(name) and None not in sources and _useful(draft, rule, sources):
                draft.derived[name] = {"from": sources, "rule": rule["rule"]} if sources else dict(rule)
                break


def _useful(draft: Draft, rule: Mapping[str, object], sources: Sequence[str | None]) -> bool:
    """A rule over an empty column makes nothing: the next rule may."""
    return not sources or any(draft.profiles[draft.names.index(s)].seen for s in sources[-1:] if s is not None)


def _by_criteria(base: Entry, seen: Seen, columns: Sequence[int]) -> Entry:
    """A listening grid with a column a criterion."""
    held = assign_table("listening", seen.found, taken_fields=MADE, taken_columns=columns)
    draft = _draft(
        seen,
        "listening",
        {name: column for name, (column, _) in held.items()},
        {name: round(sure, 3) for name, (_, sure) in held.items()},
        frozenset(),
    )
    names = [seen.names[column] for column in columns]
    draft.derived.update(derived_of(names))
    why = Phrase.of("recognise.grid", names=tuple(names[:4]), n=len(names))
    return _finish(replace(base, confidence=_GRID_SURE), draft, (why,))


def _by_columns(base: Entry, seen: Seen, table: str | None) -> Entry:
    ranked = rank(seen)
    best = next((choice for choice in ranked if choice.table == table), ranked[0])
    if table is not None:
        return _by_choice(base, seen, best, 1.0) or _declined(base, "decline.opinion", 0.8)
    own = _of_own_names(seen)
    if own not in (None, best.table):
        return _by_columns(base, seen, own)
    voice = voice_of(seen, best) if own is None else None
    refused = _refused(base, seen, best) if voice is None or voice.table is None else None
    if refused is not None:
        return refused
    if voice is not None:
        return _by_voice(base, seen, voice)
    second = next((choice for choice in ranked if choice.table != best.table), ranked[-1])
    margin = best.score - second.score
    confidence = round(float(np.clip(0.55 + 0.03 * margin, 0.3, 0.97)), 3)
    entry = _by_choice(base, seen, best, confidence) or _declined(base, "decline.opinion", 0.8)
    if margin < NARROW_MARGIN and entry.table != NONE:
        entry = _which_table(entry, "question.table", (best.table, second.table, NONE))
    return entry


def _by_voice(base: Entry, seen: Seen, voice: Voice) -> Entry:
    """A sheet of texts and days, as what their words make of it; where they do not say, as assumed until answered."""
    entry = _by_columns(base, seen, voice.table or voice.assumed)
    if voice.table is None:
        choices = (voice.assumed, voice.other, NONE)
        return _which_table(replace(entry, confidence=_UNHEARD_SURE), "question.voice", choices)
    return replace(entry, confidence=_HEARD_SURE, why=(Phrase.of(f"recognise.voice.{voice.table}"), *entry.why))


def _which_table(entry: Entry, question: str, choices: tuple[str, ...]) -> Entry:
    asked = ask(entry, None, "table", Phrase.of(question, file=entry.file), choices)
    return replace(entry, questions=(asked, *entry.questions))


def _refused(base: Entry, seen: Seen, best: Choice) -> Entry | None:
    """The sheet as one that serves no table, where its names speak rather for that than for the best one."""
    declined = decline(seen, best) if best.none > PLAINLY_A_TABLE else None
    if declined is not None:
        return _declined(base, declined.text, 0.8, Phrase.of("recognise.names", names=examples(seen, declined)))
    if best.none > NO_TABLE or (best.none > PLAINLY_A_TABLE and not _stands(seen, best)):
        questions = sum(is_question(label) for label in seen.labels)
        return _declined(base, "decline.opinion" if questions > 1 else "recognise.nothing", 0.5)
    return None


def _declined(base: Entry, why: str, confidence: float, *first: Phrase) -> Entry:
    return replace(base, confidence=confidence, why=(*first, Phrase.of(why), *base.why))


def _by_choice(base: Entry, seen: Seen, best: Choice, confidence: float) -> Entry | None:
    """The sheet as a table, by the columns that it would take; None for a survey without any score."""
    mapping = {name: column for name, (column, _) in best.columns.items()}
    sure = {name: round(value, 3) for name, (_, value) in best.columns.items()}
    draft = _draft(seen, best.table, mapping, sure, frozenset())
    fill(draft)
    reason = Phrase.of("recognise.names", names=_telling(seen, best))
    entry = _finish(replace(base, confidence=confidence), draft, (reason,))
    return None if entry.table == "surveys" and not _scored(seen, draft) else entry


def _of_own_names(seen: Seen) -> str | None:
    """The one table of which all headers are the very names of fields, those that it needs among them and one more.

    None where the file's name speaks for another table, or of customers: a directory has a day and a key too.
    """
    names, said = {name.strip().lower() for name in seen.names}, spoken_for(seen)
    held = [
        table.name
        for table in TABLES.values()
        if names <= {*table.names} and not table.missing(names) and names - {*table.required, *_CUSTOMER_KEYS}
    ]
    alone = len(held) == 1 and said[held[0]] >= max(said.values()) and "customer" not in meaning(seen.title).concepts
    return held[0] if alone else None


def _telling(seen: Seen, best: Choice) -> tuple[str, ...]:
    """The four mapped columns that speak most for the table rather than for another."""
    leaning = seen.evidence.leaning
    place = list(TABLES).index(best.table)
    rather = leaning[:, place] - np.delete(leaning, place, axis=1).mean(axis=1)
    columns = sorted((column for column, _ in best.columns.values()), key=lambda column: (-rather[column], column))
    return tuple(seen.labels[column] for column in columns[:4])


def _stands(seen: Seen, best: Choice) -> bool:
    """Whether a candidate for which the names speak weakly holds what its table needs."""
    whole = not TABLES[best.table].missing(best.columns)
    if best.score < (LEAST_SCORE_WHOLE if whole else LEAST_SCORE) or not anchored(best, seen):
        return False
    return not _is_timeless(seen, best) and not _is_of_staff(seen, best)


def _is_timeless(seen: Seen, best: Choice) -> bool:
    """Things without a date, a customer or a number of their own in its name: a list of something else."""
    table = TABLES[best.table]
    undated = any(table.column(name).kind == "moment" for name in table.missing(best.columns))
    if not undated or best.columns.keys() & {*table.customer} - {*table.key}:
        return False
    keys = [best.columns[name][0] for name in table.key if name in best.columns]
    told = [key for key in keys if meaning(seen.labels[key]).concepts & OWN[best.table]]
    if any(seen.profiles[key].distinct > 0.95 or "id" in meaning(seen.labels[key]).concepts for key in told):
        return False
    return not any(p.seen == 0 or p.share("moment") > 0.3 or p.share("epoch") > 0.3 for p in seen.profiles)


def _is_of_staff(seen: Seen, best: Choice) -> bool:
    """Wages, leave and registration numbers of the team, and no customer."""
    about = any("staff" in meaning(label).concepts for label in seen.labels)
    return about and not best.columns.keys() & {"customer_email", "order_id", "ticket_id", "call_id"}


def _scored(seen: Seen, draft: Draft) -> bool:
    """A survey has a score, or at least says that it was sent."""
    return "score" in draft.mapping or "sent_at" in draft.mapping


def _draft(seen: Seen, table: str, mapping: dict[str, int], sure: dict[str, float], known: frozenset[int]) -> Draft:
    return Draft(
        table,
        seen.names,
        seen.labels,
        seen.profiles,
        seen.sheet.evidence,
        seen.found,
        seen.alike,
        seen.title,
        dict(mapping),
        dict(sure),
        {},
        known,
    )


def _finish(entry: Entry, draft: Draft, why: tuple[Phrase, ...]) -> Entry:
    """The entry with what can be derived, what is still missing, and the questions that leaves."""
    leave_staff_out(draft)
    leave_rating_out(draft)
    propose(draft)
    mapping = {name: draft.names[column] for name, column in draft.mapping.items()}
    missing = TABLES[draft.table].missing({*mapping, *draft.derived})
    finished = replace(
        entry,
        table=draft.table,
        mapping=dict(sorted(mapping.items(), key=lambda pair: TABLES[draft.table].names.index(pair[0]))),
        derived=dict(draft.derived),
        sure={name: round(float(draft.sure.get(name, 0.0)), 3) for name in mapping},
        missing_required=missing,
        why=(*why, *undatable(draft), *entry.why),
    )
    return replace(finished, questions=tuple(left_open(finished, draft)))
