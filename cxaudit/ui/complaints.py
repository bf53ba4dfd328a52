"""What counts as a complaint in this audit, in the client's own words, and where that is changed."""

from __future__ import annotations

from collections.abc import Sequence

from cxaudit.schema.results import Audit
from cxaudit.ui import session
from cxaudit.ui.shell import Page, literal

_NAMED = 12


def told(page: Page, audit: Audit) -> str:
    """Markdown: the column that marks complaints, else the reasons taken for some; how to see them where none is here.

    The order is that of `cxaudit.prepare.rules`: a mark goes before reasons chosen in the settings, those before the
    sorting.
    """
    mapped = [export.mapping for export in audit.exports if export.table == "tickets"]
    marks = list(dict.fromkeys(columns["is_complaint"] for columns in mapped if "is_complaint" in columns))
    if marks:
        return page.say("ui.complaints.marked", names=[literal(name) for name in marks])
    derived = [export.derived for export in audit.exports if export.table == "tickets"]
    if not any("reason" in columns for columns in (*mapped, *derived)):
        return page.say("note.every_ticket_a_complaint")
    chosen = session.workshop().settings.complaint_reasons
    if chosen:
        return page.say("ui.complaints.chosen", names=_named(page, chosen))
    if found := _sorted_so():
        return page.say("ui.complaints.sorted", names=_named(page, found))
    return page.say("ui.complaints.unseen")


def _sorted_so() -> list[str]:
    """The client's reasons classed as complaints, the most frequent first; none without the exports."""
    read = session.workshop().ingested
    if read is None or "reason" not in read.values.get("tickets", {}):
        return []
    classes = read.values["tickets"]["reason"]
    counted = read.tables["tickets"]["reason"].drop_nulls().value_counts(sort=True)
    return [str(value) for value in counted["reason"] if classes.get(value) == "complaint"]


def _named(page: Page, reasons: Sequence[str]) -> list[str]:
    named = [literal(reason) for reason in reasons[:_NAMED]]
    rest = len(reasons) - _NAMED
    return [*named, page.say("ui.complaints.others", n=rest)] if rest > 0 else named
