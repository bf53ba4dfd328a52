"""Mappings remembered: written as `inspect` prints them, and put over the proposals for the same file or layout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from cxaudit.errors import UsageError
from cxaudit.ingest.derive import RULE_NAMES
from cxaudit.ingest.entries import NONE, Entry
from cxaudit.ingest.recognise import recognise, signature
from cxaudit.ingest.sources import Sheet, Unreadable
from cxaudit.ingest.timed import in_unit_told
from cxaudit.schema.tables import TABLES
from cxaudit.schema.values import OTHER, classify


def mapping_json(entries: Iterable[Entry], lang: str = "fr") -> dict[str, Any]:
    """The document that `inspect --json` writes and `--mapping` takes."""
    return {"files": [entry.as_json(lang) for entry in entries]}


def corrected(
    entries: Sequence[Entry], sheets: Sequence[Sheet | Unreadable], given: Sequence[Mapping[str, Any]]
) -> tuple[Entry, ...]:
    """The entries with what a person decided put over them.

    Raises:
        UsageError: a table, field, column, rule or class that does not exist.
    """
    return tuple(
        entry
        if (saved := _saved(entry, given)) is None or isinstance(sheet, Unreadable)
        else _over(entry, sheet, saved)
        for entry, sheet in zip(entries, sheets, strict=True)
    )


def unused(entries: Sequence[Entry], given: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The files, each with its sheet, of what was saved and is put over none of these entries, in their order.

    What another that is put over one says in the very same words was not passed over: three months of one layout.
    """
    used = [_decided(item) for entry in entries if (item := _saved(entry, given)) is not None]
    return tuple(_named(item) for item in given if _decided(item) not in used)


def _decided(item: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a person may decide in a saved entry."""
    return item.get("table"), *(item.get(name) or {} for name in ("mapping", "derived", "values")), _answers(item)


def _named(item: Mapping[str, Any]) -> str:
    """The name of a saved entry's file, without its folders, and its sheet."""
    name, sheet = PurePath(str(item.get("file") or "?")).name, item.get("sheet")
    return f"{name} ({sheet})" if sheet else name


def _saved(entry: Entry, given: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """What was saved for this file and sheet, else for a file of the same name, else for the same layout."""
    same = [item for item in given if item.get("sheet") in (None, entry.sheet)]
    tests = (
        lambda item: item.get("file") == entry.file,
        lambda item: PurePath(str(item.get("file"))).name == PurePath(entry.file).name,
        lambda item: item.get("signature") == entry.signature != "",
    )
    return next((item for test in tests for item in same if test(item)), None)


def _over(entry: Entry, sheet: Sheet, saved: Mapping[str, Any]) -> Entry:
    answers = _answers(saved)
    table = answers.get("table:None") or saved.get("table") or entry.table
    if table != NONE and table not in TABLES:
        raise UsageError("mapping.error.table", file=entry.file, table=str(table), known=tuple(TABLES))
    if table == NONE:
        return replace(entry, table=NONE, mapping={}, derived={}, missing_required=(), questions=())
    proposed = entry if table == entry.table else recognise(sheet, table=table)
    # What was saved with another table than the one answered names fields of that other table.
    kept = saved if table == (saved.get("table") or table) else {}
    mapping = _mapping(entry, sheet, table, kept.get("mapping"), proposed)
    mapping |= {name: column for name in TABLES[table].names if (column := answers.get(f"field:{name}")) in sheet.names}
    derived = in_unit_told(_derived(entry, sheet, table, kept.get("derived"), proposed, mapping), answers)
    _answered_constants(answers, derived, mapping)
    missing = TABLES[table].missing({*mapping, *derived})
    questions = tuple(
        replace(q, answer=answers.get(f"{q.kind}:{q.column or q.field}"))
        for q in proposed.questions
        if q.field in missing or (q.kind == "table" and table == entry.table and _left_open(saved))
    )
    return replace(
        proposed,
        mapping=mapping,
        derived=derived,
        missing_required=missing,
        questions=questions,
        answers=answers,
        values=dict(saved.get("values") or {}),
        confidence=1.0,
        signature=signature(sheet.names),
    )


def _mapping(entry: Entry, sheet: Sheet, table: str, given: Any, proposed: Entry) -> dict[str, str]:
    if given is None:
        return dict(proposed.mapping)
    mapping = {name: column for name, column in dict(given).items() if column}
    for name, column in mapping.items():
        if name not in TABLES[table].names:
            raise UsageError("mapping.error.field", file=entry.file, field=name, table=table, known=TABLES[table].names)
        if column not in sheet.names:
            raise UsageError("mapping.error.column", file=entry.file, column=str(column), known=sheet.names)
    return mapping


def _derived(
    entry: Entry, sheet: Sheet, table: str, given: Any, proposed: Entry, mapping: Mapping[str, str]
) -> dict[str, Any]:
    derived = dict(proposed.derived if given is None else given)
    derived = {name: rule for name, rule in derived.items() if rule and name not in mapping}
    for name, rule in derived.items():
        if name not in TABLES[table].names:
            raise UsageError("mapping.error.field", file=entry.file, field=name, table=table, known=TABLES[table].names)
        if "constant" not in rule and rule.get("rule") not in RULE_NAMES:
            raise UsageError(
                "mapping.error.rule", file=entry.file, rule=str(rule.get("rule")), known=sorted(RULE_NAMES)
            )
        for column in rule.get("from", ()):
            if column not in sheet.names:
                raise UsageError("mapping.error.column", file=entry.file, column=str(column), known=sheet.names)
    return derived


def _left_open(saved: Mapping[str, Any]) -> bool:
    """Whether the table was asked for, and neither answered nor chosen: another question was answered."""
    asked = [q for q in saved.get("questions") or () if isinstance(q, Mapping) and q.get("kind") == "table"]
    return bool(asked) and saved.get("mapping") is not None and "table:None" not in _answers(saved)


def _answers(saved: Mapping[str, Any]) -> dict[str, str]:
    """Answers by `kind:column`, from `answers` and from the questions that bear one."""
    answers = {str(key): str(value) for key, value in (saved.get("answers") or {}).items()}
    for question in saved.get("questions") or ():
        if isinstance(question, Mapping) and question.get("answer"):
            place = question.get("column") or question.get("field")
            answers[f"{question.get('kind')}:{place}"] = str(question["answer"])
    return answers


def _answered_constants(answers: Mapping[str, str], derived: dict[str, Any], mapping: Mapping[str, str]) -> None:
    """The kind of a survey is a constant where it was answered, or where the name of the score chosen says it."""
    score = answers.get("field:score")
    kind = classify("surveys", "kind", [score])[score] if score else OTHER
    if kind != OTHER and score == mapping.get("score"):
        derived.pop("scale", None)
    kind = answers.get("survey_kind:kind") or kind
    if kind != OTHER and "kind" not in mapping:
        derived["kind"] = {"constant": kind}
