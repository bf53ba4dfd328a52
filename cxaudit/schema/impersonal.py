"""What a client's own values may not carry out: e-mail addresses, bank and card numbers, telephones.

A reason or a product is the client's own word and leaves as it is; now and then it holds somebody's address. Quoted
texts go through `cxaudit.redact`, which takes out far more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from cxaudit.schema.phrase import Phrase
from cxaudit.schema.results import Audit, Daybook, Field, Measure, Segment

_PERSONAL = (
    (re.compile(r"[\w.+-]{1,64}@[\w-]++(\.[\w-]+)+"), "[…@…]"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]{4}){3,7}(?:[ \u00a0]?[A-Z0-9]{1,3})?\b"), "[IBAN]"),
    (re.compile(r"\b(?:\d{4}[ \u00a0-]){3}\d{4}\b"), "[…]"),
    (re.compile(r"(?<![\w.])(?:\+33|0033|0)[ .\u00a0-]?[1-9](?:[ .\u00a0-]?\d{2}){4}(?!\w)"), "[☎]"),
)
_HINT = re.compile(r"@|[A-Z]{2}\d{2}|(?:\d[ .\u00a0-]?){9}")  # without it, none of the patterns fits


def impersonal(text: str) -> str:
    """`text` without addresses and numbers of persons; as it is where it holds none."""
    if _HINT.search(text):
        for pattern, mark in _PERSONAL:
            text = pattern.sub(mark, text)
    return text


def impersonal_audit(audit: Audit) -> Audit:
    """The audit whose classes, days, irritants, findings and warnings name nobody's address or number."""
    return replace(
        audit,
        measures={key: _measure(item) for key, item in audit.measures.items()},
        context=replace(audit.context, daybook=_daybook(audit.context.daybook)),
        field_work=_field(audit.field_work),
        findings=tuple(replace(item, text=_phrase(item.text)) for item in audit.findings),
        warnings=tuple(_phrase(item) for item in audit.warnings),
    )


def distinct(names: Iterable[str]) -> list[str]:
    """Names told apart by a number where two have become one."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found


def _measure(measure: Measure) -> Measure:
    personal = any(_HINT.search(item.segment) for classes in measure.segments.values() for item in classes)
    if not personal:
        return measure  # nearly all of them, and an audit is saved often
    return replace(measure, segments={cut: _classes(classes) for cut, classes in measure.segments.items()})


def _classes(classes: Sequence[Segment]) -> tuple[Segment, ...]:
    names = distinct(impersonal(item.segment) for item in classes)
    return tuple(replace(item, segment=name) for item, name in zip(classes, names, strict=True))


def _daybook(book: Daybook | None) -> Daybook | None:
    """A value that holds an address is no scope that an event may name."""
    if book is None:
        return None
    names = distinct(map(impersonal, book.reasons))
    fields = {name: tuple(one for one in values if impersonal(one) == one) for name, values in book.fields.items()}
    return replace(book, reasons=dict(zip(names, book.reasons.values(), strict=True)), fields=fields)


def _field(work: Field) -> Field:
    irritants = tuple(
        replace(item, label=impersonal(item.label), terms=tuple(map(impersonal, item.terms))) for item in work.irritants
    )
    remarks = tuple(replace(item, topic=impersonal(item.topic)) for item in work.remarks)
    criteria = tuple(replace(item, criterion=impersonal(item.criterion)) for item in work.criteria)
    return Field(irritants, remarks, criteria)


def _phrase(phrase: Phrase) -> Phrase:
    return Phrase.of(phrase.key, **{n: impersonal(v) if isinstance(v, str) else v for n, v in phrase.facts})
