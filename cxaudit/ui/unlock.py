"""What an export that was not given would unlock, with its empty template at hand."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from cxaudit import texts
from cxaudit.schema.results import Audit, NotComputable
from cxaudit.schema.tables import TABLES
from cxaudit.templates import template
from cxaudit.ui import figures
from cxaudit.ui.shell import ARROW, Page, lead, literal, muted

_NAMED = 3


@dataclass(frozen=True, slots=True)
class Unlocks:
    """The figures that one export would allow: alone, and together with another that is missing too."""

    alone: tuple[str, ...]
    together: tuple[str, ...]


def by_table(audit: Audit) -> dict[str, Unlocks]:
    """What each export that was not given would allow, most figures first."""
    given = {export.table for export in audit.exports}
    needed = {key: _absent(refused, given) for key, refused in audit.not_computable.items()}
    found = {}
    for table in TABLES:
        alone = tuple(key for key, tables in needed.items() if tables == {table})
        together = tuple(key for key, tables in needed.items() if table in tables and len(tables) > 1)
        if alone or together:
            found[table] = Unlocks(alone, together)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1].alone), -len(item[1].together))))


def _absent(refused: NotComputable, given: set[str]) -> set[str]:
    """The tables that a figure lacks altogether; a column that lacks in a given table is another matter."""
    tables = {column.partition(".")[0] for column in refused.missing}
    return {table for table in tables if table in TABLES and table not in given}


def draw(page: Page, audit: Audit) -> None:
    """One line for each export that is missing: what it would say, and an empty workbook to fill in."""
    missing = by_table(audit)
    if not missing:
        return
    st.subheader(page.say("ui.overview.more_files"), anchor=False)
    with st.grid(3, gap="xsmall", min_column_width=300, key="unlock"):
        for table, found in missing.items():
            with st.container(border=True, height="stretch", gap="xsmall", key=f"unlock-{table}"):
                name = texts.label(f"tables.{table}.label", page.lang)
                st.markdown(f"○ **{literal(name)}**")
                st.markdown(muted(_said(page, found)))
                button(page, table)
    lead("pages/exports.py", page.say("ui.lead.exports"), icon=ARROW)


def _said(page: Page, found: Unlocks) -> str:
    keys = found.alone or found.together
    names = [figures.name(key, page.lang) for key in keys[:_NAMED]]
    if len(keys) > _NAMED:
        names.append(page.say("ui.overview.unlocks.others", count=len(keys) - _NAMED))
    facts = {"alone": len(found.alone), "together": len(found.together), "names": names}
    if not found.alone:
        return page.say("ui.overview.unlocks.together", **facts)
    return page.say(f"ui.overview.unlocks.{'both' if found.together else 'alone'}", **facts)


def button(page: Page, table: str, key: str = "") -> None:
    """An empty, explained workbook of a table, made when it is asked for."""
    st.download_button(
        page.say("ui.quality.template", table=texts.label(f"word.table.{table}", page.lang)),
        data=lambda: template(TABLES[table], page.lang),
        file_name=f"{table}.xlsx",
        key=key or f"template-{table}",
        on_click="ignore",
    )
