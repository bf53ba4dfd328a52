"""What a recognised sheet leaves open: required fields without a column, several scores, dates that cannot be dated."""

from __future__ import annotations

from cxaudit.ingest.draft import Draft
from cxaudit.ingest.entries import Entry, Question
from cxaudit.ingest.mapping import CUSTOM_LEAST, fields
from cxaudit.schema.results import Phrase
from cxaudit.schema.tables import TABLES

# A column of which more cells than this are relative dates is one of them.
_MOSTLY = 0.5


def undatable(draft: Draft) -> list[Phrase]:
    """The columns of moments that are told from a day that the export does not bear."""
    moments = [
        draft.mapping[column.name]
        for column in TABLES[draft.table].columns
        if column.kind == "moment" and column.name in draft.mapping
    ]
    return [
        Phrase.of("recognise.relative_dates", column=draft.names[column])
        for column in moments
        if draft.profiles[column].share("relative") > _MOSTLY
    ]


def left_open(entry: Entry, draft: Draft) -> list[Question]:
    """The questions of required fields that nothing fills, and of several scores."""
    questions = []
    for name in entry.missing_required:
        label = f"tables.{entry.table}.{name}.label"
        if name == "kind" and entry.table == "surveys":
            phrase = Phrase.of("question.survey_kind", file=entry.file)
            questions.append(ask(entry, name, "survey_kind", phrase, ("csat", "nps", "ces")))
        else:
            phrase = Phrase.of("question.field", file=entry.file, field=label)
            questions.append(ask(entry, name, "field", phrase, tuple(_candidates(entry, draft, name))))
    if entry.table == "surveys" and "score" in entry.mapping:
        scores = (entry.mapping["score"], *_other_scores(draft))
        if len(scores) > 1:
            phrase = Phrase.of("question.scores", file=entry.file, names=scores)
            questions.append(ask(entry, "score", "field", phrase, scores))
    return questions


def _other_scores(draft: Draft) -> list[str]:
    """Further columns of scores: one file is read for one indicator."""
    place = next(i for i, ref in enumerate(fields()) if (ref.table, ref.column.name) == ("surveys", "score"))
    return [draft.names[column] for column in draft.free() if draft.found[column, place] >= CUSTOM_LEAST]


def _candidates(entry: Entry, draft: Draft, name: str) -> list[str]:
    """Unused columns, those nearest to the field first; at most eight."""
    place = next(i for i, ref in enumerate(fields()) if (ref.table, ref.column.name) == (entry.table, name))
    order = sorted(draft.free(), key=lambda column: -(draft.found[column, place] + draft.alike[column, place]))
    return [draft.names[column] for column in order[:8]]


def ask(entry: Entry, name: str | None, kind: str, phrase: Phrase, choices: tuple[str, ...]) -> Question:
    """A question about a sheet, of one field or of all of it."""
    return Question(entry.file, entry.sheet, None, name, kind, phrase, choices)
