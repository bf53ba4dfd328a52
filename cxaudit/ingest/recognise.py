"""Which table an export fills, by which columns, and how sure that is; nothing is changed.

First the known exports (`layouts`), then the names and values of any other. A table is told by the columns that suit it
and few others: a date and an e-mail suit every table and say nothing; a criterion speaks for listening alone.
"""

from __future__ import annotations

import hashlib
import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import PurePath

import numpy as np

from cxaudit.ingest.entries import NONE, Entry, Question
from cxaudit.ingest.layouts import Layout, known_columns, known_mapping, match
from cxaudit.ingest.mapping import (
    OWN,
    assign_table,
    confidences,
    field_rows,
    fields,
    is_question,
    is_unnamed,
    says_nothing,
    similarity,
)
from cxaudit.ingest.profile import Profile, profile_frame
from cxaudit.ingest.propose import Draft, propose
from cxaudit.ingest.sources import Sheet, Unreadable
from cxaudit.ingest.words import meaning, normal
from cxaudit.schema.results import Phrase
from cxaudit.schema.tables import TABLES

# Words of a file's or sheet's name, and columns that no field holds, that still speak for one table.
SPEAKS: Mapping[str, frozenset[str]] = {
    "orders": frozenset(
        {"order", "payment", "shippingfee", "shippingmethod", "quantity", "unit", "tax", "subtotal", "ship", "price"}
    ),
    "tickets": frozenset({"ticket", "support", "priority", "complaint", "merge", "reopen", "transfer", "subject"}),
    "reviews": frozenset({"review", "verified", "publish"}),
    "surveys": frozenset({"survey", "nps", "ces", "satisfaction", "scale", "invite", "question"}),
    "gestures": frozenset({"gesture", "voucher", "granted", "redeem", "expire"}),
    "emails": frozenset({"campaign", "click", "unsubscribe", "bounce"}),
    "returns": frozenset({"return"}),
    "calls": frozenset({"call", "pickup", "hangup", "queue"}),
    "listening": frozenset({"criterion", "check", "evaluator", "max"}),
    "agent_feedback": frozenset({"remark", "noted", "reported"}),
    "events": frozenset({"event", "scope"}),
}
# At least one of a table's anchors must be mapped: without it the table would be guessed from a date alone.
ANCHORS: Mapping[str, tuple[str, ...]] = {
    "orders": ("order_id", "amount", "product"),
    "tickets": ("ticket_id", "subject", "body", "reason", "status", "first_reply_at", "solved_at", "csat"),
    "reviews": ("rating", "text"),
    "surveys": ("score", "sent_at", "kind"),
    "gestures": ("cost", "kind", "code", "gesture_id"),
    "emails": ("campaign", "opened_at", "clicked_at", "unsubscribed_at", "delivered"),
    "returns": ("order_id",),
    "calls": ("call_id", "answered_at", "ended_at", "queue"),
    "listening": ("criterion",),
    "agent_feedback": ("text",),
    "events": ("starts_on",),
}
# A column that bears the table's own key in its name (call_id) and tells its rows apart.
# An order's or a ticket's number stands in other tables too, where it may be unique as well.
KEY_BONUS: Mapping[str, float] = {"orders": 0.6, "tickets": 0.6}
KEY_BONUS_ELSE = 1.2
NAME_BONUS = 1.0
COLUMN_BONUS = 0.35
COLUMN_BONUS_MOST = 1.2
MISSING_COST = 1.5
NO_ANCHOR_COST = 1.5
# What can often be derived costs less when no column holds it.
DERIVABLE = {("orders", "order_id"): 0.7, ("surveys", "kind"): 0.3}
LEAST_SCORE = 0.9
LEAST_SCORE_WHOLE = 0.2
# A table of customers' doings without a way to any customer is seldom one.
NOBODY_COST = 1.0
# Custom columns of a known export are mapped only where their names say it plainly.
CUSTOM_LEAST = 0.8
NARROW_MARGIN = 0.45
# Zendesk ends the names of custom fields with their type.
_TYPED = re.compile(r"\s*\[(?:list|txt|flg|int|dec|date|msel|multi|regexp|lookup)\]$")


@dataclass(frozen=True)
class Decline:
    """A kind of export that serves no table, by the names of its columns."""

    name: str
    text: str
    least: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Seen:
    """A sheet as the recogniser sees it: names and labels of its columns, and what their values look like."""

    sheet: Sheet
    labels: tuple[str, ...]
    profiles: tuple[Profile, ...]
    found: np.ndarray
    alike: np.ndarray

    @property
    def names(self) -> tuple[str, ...]:
        return self.sheet.names

    @property
    def title(self) -> str:
        path = PurePath(self.sheet.file)
        return f"{path.stem} {self.sheet.sheet or ''}"


@dataclass(frozen=True)
class Choice:
    """One table as a candidate: its score and the columns that it would take."""

    table: str
    score: float
    columns: Mapping[str, tuple[int, float]]


def look(sheet: Sheet) -> Seen:
    """Profiles and confidences of a sheet's columns."""
    labels = tuple(_label(name, second) for name, second in _labelled(sheet))
    profiles = profile_frame(sheet.frame, sheet.names)
    alike = similarity(labels, profiles)
    return Seen(sheet, labels, profiles, confidences(labels, profiles, alike), alike)


def _labelled(sheet: Sheet) -> list[tuple[str, str]]:
    second = sheet.second_names or ("",) * len(sheet.names)
    return list(zip(sheet.names, second, strict=True))


def _label(name: str, second: str) -> str:
    """The name, or the second header line where the first is a code (Q1, V3, column 2)."""
    bare = re.sub(r" \(\d+\)$", "", _TYPED.sub("", name))
    return second if second and (is_unnamed(bare) or says_nothing(bare)) else bare


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
    return _by_columns(base, seen, table)


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
        least=CUSTOM_LEAST,
    )
    for name, (column, sure) in rest.items():
        draft.mapping[name], draft.sure[name] = column, sure
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


def _by_columns(base: Entry, seen: Seen, table: str | None) -> Entry:
    ranked = rank(seen)
    best = next((choice for choice in ranked if choice.table == table), ranked[0])
    if table is None:
        declined = decline(seen, best)
        if declined is not None:
            why = (Phrase.of("recognise.names", names=_examples(seen, declined)), Phrase.of(declined.text))
            return replace(base, confidence=0.8, why=(*why, *base.why))
        whole = not TABLES[best.table].missing(best.columns)
        if best.score < (LEAST_SCORE_WHOLE if whole else LEAST_SCORE) or not _anchored(best):
            questions = sum(is_question(label) for label in seen.labels)
            reason = "decline.opinion" if questions > 1 else "recognise.nothing"
            return replace(base, confidence=0.5, why=(Phrase.of(reason), *base.why))
    second = next((choice for choice in ranked if choice.table != best.table), ranked[-1])
    margin = best.score - second.score
    confidence = round(float(np.clip(0.55 + 0.16 * margin, 0.3, 0.97)), 3) if table is None else 1.0
    mapping = {name: column for name, (column, _) in best.columns.items()}
    sure = {name: round(value, 3) for name, (_, value) in best.columns.items()}
    draft = _draft(seen, best.table, mapping, sure, frozenset())
    names = [seen.labels[column] for column, _ in sorted(best.columns.values(), key=lambda pair: -pair[1])[:4]]
    entry = _finish(replace(base, confidence=confidence), draft, (Phrase.of("recognise.names", names=tuple(names)),))
    if entry.table == "surveys" and not _scored(seen, draft):
        return replace(base, confidence=0.8, why=(Phrase.of("decline.opinion"), *base.why))
    if margin < NARROW_MARGIN and table is None:
        choices = (best.table, second.table, NONE)
        asked = _ask(entry, None, None, "table", Phrase.of("question.table", file=entry.file), choices)
        entry = replace(entry, questions=(asked, *entry.questions))
    return entry


def _scored(seen: Seen, draft: Draft) -> bool:
    """A survey has a score, or at least says that it was sent."""
    return "score" in draft.mapping or "sent_at" in draft.mapping


def _anchored(choice: Choice) -> bool:
    return any(name in choice.columns for name in ANCHORS[choice.table])


def rank(seen: Seen) -> list[Choice]:
    """Every table as a candidate, best first."""
    best = np.stack([seen.found[:, list(field_rows(table))].max(axis=1) for table in TABLES], axis=1)
    rarity = np.log((len(TABLES) + 1) / (1 + best.sum(axis=1))) / math.log(2)
    said = _spoken_for(seen)
    choices = [_choice(seen, table, rarity, said) for table in TABLES]
    return sorted(choices, key=lambda choice: -choice.score)


def _choice(seen: Seen, table: str, rarity: np.ndarray, said: Mapping[str, float]) -> Choice:
    columns = assign_table(table, seen.found)
    score = sum(sure * float(rarity[column]) for column, sure in columns.values()) + said[table]
    for name in TABLES[table].missing(columns):
        score -= MISSING_COST * DERIVABLE.get((table, name), 1.0)
    score += KEY_BONUS.get(table, KEY_BONUS_ELSE) * _keyed(seen, table, columns)
    if not any(name in columns for name in ANCHORS[table]):
        score -= NO_ANCHOR_COST
    leads = {*TABLES[table].customer, *TABLES[table].key}
    if leads and not leads & columns.keys():
        score -= NOBODY_COST
    return Choice(table, score, columns)


def _keyed(seen: Seen, table: str, columns: Mapping[str, tuple[int, float]]) -> bool:
    key = [columns[name] for name in TABLES[table].key if name in columns]
    named = [column for column, sure in key if sure > 0.9 and meaning(seen.labels[column]).concepts & OWN[table]]
    return any(seen.profiles[column].distinct > 0.9 for column in named)


def _spoken_for(seen: Seen) -> dict[str, float]:
    """What the file's name and the columns' words say for each table."""
    title = meaning(seen.title).concepts
    named = [table for table, words in SPEAKS.items() if title & words]
    said: dict[str, float] = {}
    for table, words in SPEAKS.items():
        columns = sum(bool(meaning(label).concepts & words) for label in seen.labels)
        bonus = NAME_BONUS / len(named) if table in named else 0.0
        said[table] = bonus + min(COLUMN_BONUS * columns, COLUMN_BONUS_MOST)
    return said


@cache
def declines() -> tuple[Decline, ...]:
    """The kinds of export that serve no table."""
    given = tomllib.loads(resources.files(__package__).joinpath("declines.toml").read_text("utf-8"))
    return tuple(Decline(name, d["text"], d["least"], tuple(d["names"])) for name, d in given.items())


def decline(seen: Seen, best: Choice) -> Decline | None:
    """The kind of export without a table that a sheet is rather than `best`, if any."""
    counted = [(len(_met(seen, kind)), kind) for kind in declines()]
    count, kind = max(counted, key=lambda pair: pair[0])
    if count < kind.least:
        return None
    weighed = 0.75 * count
    if kind.name == "aggregate":
        if any(p.share("email") > 0.5 or p.words > 6 for p in seen.profiles):
            return None
        weighed += sum(
            bool(meaning(label).concepts & {"rate", "average", "conversion", "unique"}) for label in seen.labels
        )
    whole = _anchored(best) and not [n for n in TABLES[best.table].missing(best.columns) if n != "kind"]
    own = sum(sure for name, (_, sure) in best.columns.items() if name not in TABLES[best.table].customer)
    against = max(best.score, 0.0) + (0.4 * own if whole else 0.0)
    return kind if weighed > against else None


def _met(seen: Seen, kind: Decline) -> list[str]:
    """The labels that are among a kind's names, by meaning; each name once."""
    wanted = {meaning(name) for name in kind.names}
    spelt = {normal(name) for name in kind.names}
    met: dict[object, str] = {}
    for label in seen.labels:
        said = meaning(label)
        if normal(label) in spelt or (said in wanted and said.concepts):
            met.setdefault(said.concepts or normal(label), label)
    return list(met.values())


def _examples(seen: Seen, kind: Decline) -> tuple[str, ...]:
    return tuple(_met(seen, kind)[:4])


def _draft(seen: Seen, table: str, mapping: dict[str, int], sure: dict[str, float], known: frozenset[int]) -> Draft:
    return Draft(
        table,
        seen.names,
        seen.labels,
        seen.profiles,
        seen.sheet.frame,
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
        why=(*why, *entry.why),
    )
    return replace(finished, questions=tuple(_missing_questions(finished, draft)))


def _missing_questions(entry: Entry, draft: Draft) -> list[Question]:
    questions = []
    for name in entry.missing_required:
        label = f"tables.{entry.table}.{name}.label"
        if name == "kind" and entry.table == "surveys":
            phrase = Phrase.of("question.survey_kind", file=entry.file)
            questions.append(_ask(entry, None, name, "survey_kind", phrase, ("csat", "nps", "ces")))
        else:
            phrase = Phrase.of("question.field", file=entry.file, field=label)
            questions.append(_ask(entry, None, name, "field", phrase, tuple(_candidates(entry, draft, name))))
    return questions


def _candidates(entry: Entry, draft: Draft, name: str) -> list[str]:
    """Unused columns, those nearest to the field first; at most eight."""
    place = next(i for i, ref in enumerate(fields()) if (ref.table, ref.column.name) == (entry.table, name))
    order = sorted(draft.free(), key=lambda column: -(draft.found[column, place] + draft.alike[column, place]))
    return [draft.names[column] for column in order[:8]]


def _ask(
    entry: Entry, column: str | None, name: str | None, kind: str, phrase: Phrase, choices: tuple[str, ...]
) -> Question:
    return Question(entry.file, entry.sheet, column, name, kind, phrase, choices)
