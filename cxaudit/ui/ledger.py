"""The quality page: every row accounted for, problems worst first with what each costs, joins, rules as switches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd
import polars as pl
import streamlit as st

from cxaudit import texts
from cxaudit.schema.currencies import CODES
from cxaudit.schema.results import Audit, Export, Join, Phrase
from cxaudit.schema.settings import EXCLUSION_RULES
from cxaudit.schema.tables import TABLES
from cxaudit.ui import figures, session, unlock, work
from cxaudit.ui.components import missing_columns, sentence
from cxaudit.ui.intake import counted, reason_name, rows_word
from cxaudit.ui.shell import Page, lead, literal, muted

_ENOUGH_JOINED = 0.80
_NAMED = 6


@dataclass(frozen=True, slots=True)
class Trouble:
    """One problem of the data: how many rows it touches, what it is, what it costs."""

    rows: int
    said: str
    cost: str


def headline(page: Page, exports: tuple[Export, ...]) -> str:
    """The share of rows kept or folded, as the title."""
    read = sum(export.rows_read for export in exports)
    used = sum(export.rows_kept + export.rows_folded for export in exports)
    if not read:
        return page.say("ui.page.quality")
    return page.say("ui.quality.title", used=used, read=read)


def table(page: Page, exports: tuple[Export, ...]) -> None:
    """Per file: read = kept + folded + set aside, with the sums that show an inflated folding."""
    column = {name: page.say(f"ui.quality.column.{name}") for name in _COLUMNS}
    rows = [
        {
            column["file"]: export.file if export.sheet is None else f"{export.file} · {export.sheet}",
            column["table"]: texts.label(f"word.table.{export.table}", page.lang),
            column["read"]: export.rows_read,
            column["kept"]: export.rows_kept,
            column["folded"]: export.rows_folded,
            column["aside"]: sum(part.rows for part in export.set_aside),
            column["amount"]: _amount(page, export),
        }
        for export in exports
    ]
    alt = page.say("ui.quality.ledger")
    st.dataframe(counted(page, pd.DataFrame(rows)), hide_index=True, key="ledger", alt=alt)


def _amount(page: Page, export: Export) -> str:
    """What the file's orders cost, apart for each currency that they say."""
    if "amount" not in export.totals:
        return ""
    apart = export.amounts or {"": export.totals["amount"]}
    return " + ".join(
        texts.money(total, page.lang, currency) if currency in CODES else texts.count(total, page.lang)
        for currency, total in apart.items()
    )


_COLUMNS = ("file", "table", "read", "kept", "folded", "aside", "amount")


def troubles(page: Page, audit: Audit | None) -> list[Trouble]:
    """Problems worst first: by the rows they touch, then what no file allows."""
    found = [
        *_unread(page),
        *_aside(page),
        *_unjoined(page, audit),
        *_without_order(page, audit),
        *_warned(page, audit),
    ]
    return sorted(found, key=lambda trouble: -trouble.rows)


def _unread(page: Page) -> Iterator[Trouble]:
    read = session.workshop().ingested
    for problem in read.problems if read else ():
        cost = page.say("ui.quality.cost_empty", share=problem.rows / max(problem.total, 1))
        yield Trouble(problem.rows, sentence(page, problem.phrase), cost)


def _aside(page: Page) -> Iterator[Trouble]:
    read = session.workshop().ingested
    for export in read.exports if read else ():
        for part in export.set_aside:
            reason = literal(reason_name(page, part.reason))
            said = page.say_n("ui.quality.aside", part.rows, file=literal(export.file), reason=reason)
            cost = page.say("ui.quality.cost_aside", share=part.rows / max(export.rows_read, 1))
            yield Trouble(part.rows, said, cost)


def _unjoined(page: Page, audit: Audit | None) -> Iterator[Trouble]:
    best: dict[tuple[str, str], Join] = {}
    for join in audit.joins if audit else ():
        place = (join.origin, join.target)
        if place not in best or join.matched > best[place].matched:
            best[place] = join
    for join in best.values():
        missing = join.total - join.matched
        if missing and (join.origin, join.by) != _BY_ORDER:
            origin, target = (
                rows_word(page, name, audit.exports if audit else ()) for name in (join.origin, join.target)
            )
            said = page.say("ui.quality.unjoined", n=missing, total=join.total, origin=origin, target=target)
            cost = "ui.quality.cost_waits" if (join.share or 0.0) < _ENOUGH_JOINED else "ui.quality.cost_unjoined"
            yield Trouble(missing, said, page.say(cost, share=missing / join.total))


# Recontacts are counted by order: a ticket that is linked by its customer alone is missing there.
_BY_ORDER = ("tickets", "order_id")


def _without_order(page: Page, audit: Audit | None) -> Iterator[Trouble]:
    for join in audit.joins if audit else ():
        missing = join.total - join.matched
        if missing and (join.origin, join.by) == _BY_ORDER:
            said = page.say("ui.quality.no_order", n=missing, total=join.total)
            yield Trouble(missing, said, page.say("ui.quality.cost_no_order", share=missing / join.total))


def _warned(page: Page, audit: Audit | None) -> Iterator[Trouble]:
    read = session.workshop().ingested
    told: tuple[Phrase, ...] = tuple(problem.phrase for problem in read.problems) if read else ()
    warnings = audit.warnings if audit else (read.warnings if read else ())
    for phrase in warnings:
        if phrase not in told:
            yield Trouble(int(dict(phrase.facts).get("rows", 0)), sentence(page, phrase), "")


def draw_troubles(page: Page, found: list[Trouble]) -> None:
    """One line a problem: what, and what it costs."""
    if not found:
        st.markdown(f":green[■ {page.say('ui.quality.no_trouble')}]")
        return
    with st.container(gap="xsmall", key="troubles"):
        for trouble in found:
            with st.container(border=True):
                said, cost = st.columns([7, 4], gap="small", vertical_alignment="center")
                said.markdown(f":orange[▲] {trouble.said}")
                cost.markdown(muted(trouble.cost) if trouble.cost else "")


def joins(page: Page, audit: Audit) -> None:
    """How many rows of one table meet another, by which key."""
    column = {name: page.say(f"ui.quality.join.{name}") for name in ("from", "to", "by", "matched", "share")}
    rows = [
        {
            column["from"]: texts.label(f"word.table.{join.origin}", page.lang),
            column["to"]: texts.label(f"word.table.{join.target}", page.lang),
            column["by"]: texts.label(f"word.key.{join.by}", page.lang),
            column["matched"]: page.say("ui.quality.of", n=join.matched, total=join.total),
            column["share"]: figures.figure(join.share, "share", page.lang),
        }
        for join in audit.joins
    ]
    if rows:
        st.subheader(page.say("ui.quality.joins"), anchor=False)
        st.dataframe(pd.DataFrame(rows), hide_index=True, key="joins", alt=page.say("ui.quality.joins"))


def set_aside(page: Page) -> None:
    """The rows set aside, to download with file, line, column, value and reason."""
    read = session.workshop().ingested
    if read is None or not read.set_aside.height:
        return
    names = {reason: texts.label(reason, page.lang) for reason in read.set_aside["reason"].unique()}
    rows = read.set_aside.with_columns(pl.col("reason").replace_strict(names))
    st.download_button(
        page.say_n("ui.quality.download", rows.height),
        data=lambda: b"\xef\xbb\xbf" + _safe(rows).write_csv(separator=";").encode(),
        file_name=page.say("ui.quality.file_name"),
        mime="text/csv",
        key="set-aside",
        on_click="ignore",
    )


def _safe(rows: pl.DataFrame) -> pl.DataFrame:
    """A client's value that a spreadsheet would run as a formula is made text."""
    text = pl.col(pl.String)
    return rows.with_columns(pl.when(text.str.contains(r"^[=+\-@\t\r]")).then("'" + text).otherwise(text).name.keep())


def rules(page: Page, audit: Audit) -> None:
    """The rules that leave rows out, each a switch with the count it touches."""
    st.subheader(page.say("ui.quality.rules"), anchor=False)
    st.markdown(muted(page.say("ui.quality.rules_what")))
    held = session.workshop()
    with st.grid(2, gap="xsmall", key="rules"):
        # One rule may look at several tables: it is switched once.
        for name in dict.fromkeys(
            rule for table in EXCLUSION_RULES if table in audit.rows for rule in EXCLUSION_RULES[table]
        ):
            rule = texts.label(f"rule.{name}", page.lang)
            label = page.say("ui.quality.rule", rule=rule, n=audit.rules.get(name, 0))
            key = f"rule-{name}-{held.revision}"
            st.toggle(label, value=getattr(session.wanted().exclude, name), key=key, wrap=True)
    wanted = {
        name: st.session_state[key]
        for names in EXCLUSION_RULES.values()
        for name in names
        if (key := f"rule-{name}-{held.revision}") in st.session_state
    }
    now = session.wanted()
    new = replace(now, exclude=replace(now.exclude, **wanted))
    if new != now and work.change_settings(page, new):
        st.rerun()


def more_files(page: Page, audit: Audit) -> None:
    """What each missing column would unlock, most measures first."""
    unlocked: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for key, refused in audit.not_computable.items():
        unlocked[tuple(refused.missing)].append(figures.name(key, page.lang))
    places = sorted((item for item in unlocked.items() if item[0]), key=lambda item: -len(item[1]))
    if not places:
        return
    st.subheader(page.say("ui.quality.unlock"), anchor=False)
    with st.container(gap="xsmall", key="unlock"):
        for place, (columns, names) in enumerate(places):
            with st.container(border=True):
                st.markdown(f"○ **{literal(missing_columns(page, columns))}**")
                shown = texts.listed(names[:_NAMED], page.lang)
                more = page.say("ui.quality.and_more", n=len(names) - _NAMED) if len(names) > _NAMED else ""
                st.markdown(muted(page.say("ui.quality.unlocks", names=shown) + more))
                _template(page, place, columns[0].partition(".")[0])
    lead("pages/exports.py", page.say("ui.lead.exports"), icon=":material/arrow_forward:")


def _template(page: Page, place: int, table: str) -> None:
    """An empty, explained workbook of the table that is missing, unless it is here already."""
    audit = session.workshop().audit
    if table not in TABLES or (audit and any(export.table == table for export in audit.exports)):
        return
    unlock.button(page, table, f"template-{place}")
