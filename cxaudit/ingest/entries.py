"""What recognising one sheet yields: its table, its mapping and the questions left, as `inspect` prints it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cxaudit.schema.results import Phrase
from cxaudit.texts import say

NONE = "none"


@dataclass(frozen=True)
class Question:
    """Something that the data do not settle.

    `kind`: date_order (choices are date formats), scale, survey_kind, table, field (choices are columns).
    """

    file: str
    sheet: str | None
    column: str | None
    field: str | None
    kind: str
    phrase: Phrase
    choices: tuple[str, ...] = ()
    answer: str | None = None

    def as_json(self, lang: str) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "column": self.column,
            "field": self.field,
            "text": say(self.phrase, lang),
            "choices": list(self.choices),
            "answer": self.answer,
        }


@dataclass(frozen=True)
class Entry:
    """One sheet as recognised.

    Attributes:
        table: A canonical table, or `none`.
        platform: The brand of the tool that wrote the export, where known.
        layout: The name of the known export (a file of `platforms/`), where one matched.
        confidence: 0-1, that the table is right.
        mapping: Field → column; `sure` gives each field's confidence, 0-1.
        derived: Field → `{"from": [columns], "rule": …}` or `{"constant": …}`; never also in `mapping`.
        signature: Digest of the normalised names: the same layout has the same signature.
        values: Field → client's value → class, where a person corrected the default.
        answers: Question kind and column (`date_order:Date`) → the answer given.
    """

    file: str
    sheet: str | None
    table: str
    platform: str | None = None
    layout: str | None = None
    confidence: float = 0.0
    why: tuple[Phrase, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int = 1
    header_rows: int = 1
    rows: int = 0
    columns: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    derived: Mapping[str, Any] = field(default_factory=dict)
    sure: Mapping[str, float] = field(default_factory=dict)
    missing_required: tuple[str, ...] = ()
    date_formats: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    signature: str = ""
    digest: str = ""

    @property
    def place(self) -> tuple[str, str | None]:
        return self.file, self.sheet

    def as_json(self, lang: str = "fr") -> dict[str, Any]:
        """The entry as `inspect --json` writes it and `--mapping` takes it, its sentences in `lang`."""
        return {
            "file": self.file,
            "table": self.table,
            "platform": self.platform,
            "confidence": self.confidence,
            "why": [say(phrase, lang) for phrase in self.why],
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "sheet": self.sheet,
            "header_row": self.header_row,
            "header_rows": self.header_rows,
            "rows": self.rows,
            "mapping": dict(self.mapping),
            "derived": {name: dict(rule) for name, rule in self.derived.items()},
            "missing_required": list(self.missing_required),
            "date_formats": dict(self.date_formats),
            "questions": [question.as_json(lang) for question in self.questions],
            "columns": list(self.columns),
            "sure": dict(self.sure),
            "values": {name: dict(classes) for name, classes in self.values.items()},
            "answers": dict(self.answers),
            "signature": self.signature,
        }
