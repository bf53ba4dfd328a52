"""The mapping of one file, beside sample values; and what the client's own words mean."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import polars as pl
import streamlit as st

from cxaudit import texts
from cxaudit.ingest import Entry
from cxaudit.ingest.read_layout import LINE
from cxaudit.schema.tables import TABLES, Column
from cxaudit.schema.values import CLASSES
from cxaudit.ui import session
from cxaudit.ui.components import field_name
from cxaudit.ui.intake import counted, entry_of
from cxaudit.ui.shell import Page, muted

_SAMPLES = 3
_LONGEST_SAMPLE = 28
_PERSONS = ("agent",)


def editor(page: Page) -> None:
    """Which column serves which field; a correction is applied to the tables at once."""
    held = session.workshop()
    entries = session.ingested(held).entries
    places = [entry.place for entry in entries if entry.columns or _sheet(entry.place) is not None]
    if not places:
        return
    if held.place not in places:
        held.place = places[0]
    st.subheader(page.say("ui.columns.head"), anchor=False)
    place = st.selectbox(
        page.say("ui.columns.file"),
        places,
        index=places.index(held.place),
        format_func=lambda one: " · ".join(part for part in one if part),
        key=f"place-{held.place}",
    )
    held.place = place
    entry, sheet = entry_of(*place), _sheet(place)
    if entry is None or sheet is None:
        return
    table = _table(page, entry)
    if table == entry.table and table != "none":
        _fields(page, entry, sheet)


def _table(page: Page, entry: Entry) -> str:
    options = ["none", *TABLES]
    return st.selectbox(
        page.say("ui.columns.table"),
        options,
        index=options.index(entry.table),
        format_func=lambda name: texts.label(f"word.table.{name}", page.lang),
        key=f"table-{entry.file}-{entry.sheet}-{entry.table}",
        on_change=_retable,
        args=(page.lang, entry),
    )


def _retable(lang: str, entry: Entry) -> None:
    chosen = st.session_state[f"table-{entry.file}-{entry.sheet}-{entry.table}"]
    edited = {**entry.as_json(lang), "table": chosen, "mapping": None, "derived": None}
    session.workshop().changes.append(edited)


def _fields(page: Page, entry: Entry, sheet: Any) -> None:
    table = TABLES[entry.table]
    kept = _kept(sheet)
    frame = pd.DataFrame([_row(page, entry, kept, column) for column in table.columns])
    options = ["", *sheet.names]
    column = st.column_config
    key = f"mapping-{entry.file}-{entry.sheet}-{hash(tuple(sorted(entry.mapping.items())))}"
    edited = st.data_editor(
        frame,
        hide_index=True,
        placeholder="",
        key=key,
        disabled=["field", "sample", "filled", "state"],
        column_order=["field", "column", "filled", "state", "sample"],
        alt=page.say("ui.columns.head"),
        column_config={
            "field": column.TextColumn(page.say("ui.columns.field")),
            "column": column.SelectboxColumn(page.say("ui.columns.column"), options=options),
            "sample": column.TextColumn(page.say("ui.columns.sample")),
            "filled": column.ProgressColumn(page.say("ui.columns.filled"), format="%d %%", min_value=0, max_value=100),
            "state": column.TextColumn(page.say("ui.columns.state")),
        },
    )
    wanted = {row["name"]: row["column"] for row in edited.to_dict("records") if row["column"]}
    changed = wanted != dict(entry.mapping)
    if st.button(page.say("ui.columns.apply"), key="apply-mapping", disabled=not changed):
        derived = {name: dict(rule) for name, rule in entry.derived.items() if name not in wanted}
        chosen = {f"field:{name}": column for name, column in wanted.items() if column != entry.mapping.get(name)}
        answers = {place: given for place, given in entry.answers.items() if not place.startswith("field:")} | chosen
        edits = {"mapping": wanted, "derived": derived, "answers": answers}
        session.workshop().changes.append({**entry.as_json(page.lang), **edits})
        st.rerun()
    st.markdown(muted(page.say("ui.columns.hint")))


def _kept(sheet: Any) -> pl.DataFrame:
    """The rows that are records: a total line, or any other set aside, says nothing of how a column is filled."""
    aside = session.ingested(session.workshop()).set_aside
    here = aside.filter(pl.col("file") == sheet.file, pl.col("sheet").eq_missing(sheet.sheet))["line"]
    kept: pl.DataFrame = sheet.frame.filter(~pl.col(LINE).is_in(here.implode()))
    return kept if kept.height else sheet.frame


def _row(page: Page, entry: Entry, kept: pl.DataFrame, column: Column) -> dict[str, Any]:
    source = entry.mapping.get(column.name)
    name = field_name(page, entry.table, column.name)
    if column.required:
        name += " *"
    filled = None if source is None else 100 * (1 - kept[source].null_count() / max(kept.height, 1))
    return {
        "name": column.name,
        "field": name,
        "column": source or "",
        "sample": "" if source is None or page.presenter else samples(kept[source], column),
        "filled": filled,
        "state": _state(page, entry, column, source),
    }


def _state(page: Page, entry: Entry, column: Column, source: str | None) -> str:
    if source is not None:
        return f"■ {page.say('ui.columns.read')}{_date_order(page, entry.date_formats.get(column.name, ''))}"
    if column.name in entry.derived:
        return f"■ {page.say('ui.columns.derived')}"
    return f"▲ {page.say('ui.columns.required')}" if column.required else f"○ {page.say('ui.columns.absent')}"


def _date_order(page: Page, decided: str) -> str:
    """A date format in words, by what it begins with."""
    orders = {"%d": "day", "%m": "month", "%Y": "year"}
    order = orders.get(decided[:2])
    return f", {page.say(f'ui.columns.{order}_first')}" if order else ""


def samples(values: pl.Series, column: Column) -> str:
    """A few values as they stand in the file; addresses and free texts only by their outline."""
    seen = values.drop_nulls().unique(maintain_order=True).head(_SAMPLES).to_list()
    return " · ".join(_outlined(str(value), column) for value in seen)


def _outlined(value: str, column: Column) -> str:
    value = re.sub(r"\s+", " ", value)
    if "@" in value:
        return re.sub(r"(?<![^\s@])[^\s@]+@", lambda match: f"{match.group(0)[0]}…@", value)[:_LONGEST_SAMPLE]
    if column.kind == "text":
        return f"{value[:12]}…" if len(value) > 12 else value
    if column.name in _PERSONS:
        return f"{value[:1]}…"
    return value if len(value) <= _LONGEST_SAMPLE else f"{value[: _LONGEST_SAMPLE - 1]}…"


def _sheet(place: tuple[str, str | None]) -> Any:
    for group in session.workshop().sheets.values():
        for sheet in group:
            if (sheet.file, sheet.sheet) == place and hasattr(sheet, "frame"):
                return sheet
    return None


def words(page: Page) -> None:
    """The client's statuses, reasons and kinds with what they are taken for, counted and editable."""
    read = session.ingested(session.workshop())
    places = [(table, field) for table, fields in read.values.items() for field in fields if fields[field]]
    if not places:
        return
    with st.expander(page.say("ui.words.head"), key="words"):
        st.markdown(muted(page.say("ui.words.what")))
        place = st.selectbox(
            page.say("ui.words.which"),
            places,
            format_func=lambda one: (
                f"{texts.label(f'word.table.{one[0]}', page.lang)} · "
                + texts.label(f"tables.{one[0]}.{one[1]}.label", page.lang)
            ),
            key="words-of",
        )
        _classes(page, *place)


def _classes(page: Page, table: str, field: str) -> None:
    read = session.ingested(session.workshop())
    counts = dict(read.tables[table][field].drop_nulls().value_counts().iter_rows())
    known = read.values[table][field]
    rows = [{"value": value, "rows": counts.get(value, 0), "class": kind} for value, kind in known.items()]
    frame = pd.DataFrame(sorted(rows, key=lambda row: -row["rows"]))
    column = st.column_config
    edited: pd.DataFrame = st.data_editor(
        counted(page, frame),
        hide_index=True,
        placeholder="",
        disabled=["value", "rows"],
        key=f"classes-{table}-{field}-{hash(tuple(known.items()))}",
        alt=page.say("ui.words.head"),
        column_config={
            "value": column.TextColumn(page.say("ui.words.value")),
            "rows": column.NumberColumn(page.say("ui.words.rows")),
            "class": column.SelectboxColumn(
                page.say("ui.words.class"),
                options=list(CLASSES[table, field]),
                format_func=lambda kind: _class_name(page, str(kind)),
                required=True,
            ),
        },
    )
    wanted = dict(zip(edited["value"], edited["class"], strict=True))
    if st.button(page.say("ui.columns.apply"), key="apply-words", disabled=wanted == known):
        for entry in read.entries:
            if entry.table == table:
                values = {**{name: dict(held) for name, held in entry.values.items()}, field: wanted}
                session.workshop().changes.append({**entry.as_json(page.lang), "values": values})
        st.rerun()


def _class_name(page: Page, kind: str) -> str:
    return texts.label(f"ui.class.{kind}", page.lang)
