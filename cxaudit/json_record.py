"""The audit as JSON, in the shape that other programs read; nothing is rounded, sentences are in one language."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from cxaudit import texts
from cxaudit.schema.impersonal import impersonal_audit
from cxaudit.schema.results import (
    Adjusted,
    Audit,
    Context,
    Export,
    Field,
    Finding,
    Measure,
    Mirage,
    Phrase,
    Point,
    Segment,
    Span,
    Stake,
)


def audit_json(audit: Audit, lang: str) -> dict[str, Any]:
    """The whole audit as plain values, ready for `json.dumps(..., allow_nan=False)`."""
    audit = impersonal_audit(audit)
    return _plain(
        {
            "cxaudit": audit.cxaudit,
            "definitions": audit.definitions,
            "language": lang,
            "as_of": audit.as_of,
            "period": audit.period,
            "currency": audit.currency,
            "currencies": audit.currencies,
            "exports": [_export(export, lang) for export in audit.exports],
            "joins": [
                {"from": j.origin, "to": j.target, "by": j.by, "matched": j.matched, "total": j.total, "share": j.share}
                for j in audit.joins
            ],
            "measures": {key: _measure(measure, lang) for key, measure in audit.measures.items()},
            "not_computable": {
                key: {"missing": refusal.missing, "why": _say(refusal.why, lang)}
                for key, refusal in audit.not_computable.items()
            },
            "context": _context(audit.context, lang),
            "mirages": [_mirage(mirage) for mirage in audit.mirages],
            "field": _field(audit.field_work),
            "findings": [_finding(finding, lang) for finding in audit.findings],
            "stakes": {key: _stake(stake) for key, stake in audit.stakes.items()},
            "rules": audit.rules,
            "warnings": [_say(warning, lang) for warning in audit.warnings],
        }
    )


def dump(audit: Audit, lang: str) -> str:
    """The JSON text of an audit."""
    return json.dumps(audit_json(audit, lang), ensure_ascii=False, indent=1, allow_nan=False)


def _say(phrase: Phrase, lang: str) -> str:
    return texts.say(phrase, lang)


def _export(export: Export, lang: str) -> dict[str, Any]:
    return {
        "file": export.file,
        "sheet": export.sheet,
        "table": export.table,
        "platform": export.platform,
        "mapping": export.mapping,
        "rows_read": export.rows_read,
        "rows_kept": export.rows_kept,
        "rows_folded": export.rows_folded,
        "set_aside": [{"reason": texts.label(item.reason, lang), "rows": item.rows} for item in export.set_aside],
        "totals": export.totals,
        "amounts": export.amounts,
    }


def _measure(m: Measure, lang: str) -> dict[str, Any]:
    return {
        "unit": m.unit,
        **({"currency": m.currency} if m.currency else {}),
        "kind": m.kind,
        "numerator": m.numerator,
        "denominator": m.denominator,
        "value": m.value,
        "low": m.low,
        "high": m.high,
        "n_eff": m.n_eff,
        "deff": m.deff,
        "verdict": m.verdict,
        "refusals": m.refusals,
        "excluded": m.excluded,
        "detectable": m.detectable,
        "series": [{"month": p.month, **_counts(p)} for p in m.series],
        "segments": {
            cut: [{"segment": s.segment, **_counts(s), "verdict": s.verdict} for s in found]
            for cut, found in m.segments.items()
        },
        "notes": [_say(note, lang) for note in m.notes],
        "facts": m.facts,
    }


def _counts(item: Point | Segment) -> dict[str, Any]:
    return {
        "numerator": item.numerator,
        "denominator": item.denominator,
        "value": item.value,
        "low": item.low,
        "high": item.high,
        "n_eff": item.n_eff,
    }


def _context(context: Context, lang: str) -> dict[str, Any]:
    return {
        "comparison": {"a": context.a, "b": context.b},
        "rung": context.rung,
        "signals": {key: _adjusted(item) for key, item in context.signals.items()},
        "events": [
            {
                "name": e.name,
                "kind": e.kind,
                "starts_on": e.starts_on,
                "ends_on": e.ends_on,
                "scope": e.scope,
                "scope_given": e.scope_given,
            }
            for e in context.events
        ],
        "suggested": [
            {
                "name": s.name,
                "kind": s.kind,
                "starts_on": s.starts_on,
                "ends_on": s.ends_on,
                "source": s.source,
                "ratio": s.ratio,
                "why": _say(s.why, lang) if s.why else None,
            }
            for s in context.suggested
        ],
    }


def _adjusted(item: Adjusted) -> dict[str, Any]:
    return {
        "raw_a": item.raw_a,
        "raw_b": item.raw_b,
        "raw_diff": item.raw_diff,
        "adjusted_a": item.adjusted_a,
        "adjusted_b": item.adjusted_b,
        "lines": item.lines,
        "remaining": item.remaining,
        "low": item.low,
        "high": item.high,
        "verdict": item.verdict,
        "refusals": item.refusals,
        "rung": item.rung,
        "questions": item.questions,
    }


def _mirage(mirage: Mirage) -> dict[str, Any]:
    return {
        "key": mirage.key,
        "kpi": mirage.kpi,
        "value": mirage.value,
        "target": mirage.target,
        "green": mirage.green,
        "state": mirage.state,
        "counter": [
            {"measure": c.measure, "value": c.value, "verdict": c.verdict, "bad": c.bad} for c in mirage.counter
        ],
    }


def _field(found: Field) -> dict[str, Any]:
    return {
        "irritants": [
            {
                "label": i.label,
                "terms": i.terms,
                "tickets": i.tickets,
                "share": i.share,
                "growth": i.growth,
                "recontact": i.recontact,
            }
            for i in found.irritants
        ],
        "remarks": [
            {"topic": r.topic, "first_seen": r.first_seen, "remarks": r.remarks, "tickets": r.tickets}
            for r in found.remarks
        ],
        "criteria": [
            {"criterion": c.criterion, "checks": c.checks, "value": c.value, "low": c.low, "high": c.high}
            for c in found.criteria
        ],
    }


def _finding(finding: Finding, lang: str) -> dict[str, Any]:
    return {
        "key": finding.key,
        "severity": finding.severity,
        "measures": finding.measures,
        "state": finding.state,
        "text": _say(finding.text, lang),
        "actions": [texts.label(action, lang) for action in finding.actions],
    }


def _stake(stake: Stake) -> dict[str, Any]:
    return {
        "value": stake.value,
        "low": stake.low,
        "high": stake.high,
        "demonstrated": stake.demonstrated,
        "currency": stake.currency,
        "facts": stake.facts,
    }


def _plain(value: Any) -> Any:
    """Days as ISO text, records of two days as pairs, numbers of any library as Python's own; nan as null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Span):
        return [value.first.isoformat(), value.last.isoformat()]
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
