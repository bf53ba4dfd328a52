"""An empty, commented workbook for each canonical table, for what a client's tools cannot export."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import xlsxwriter

from cxaudit.report.whole import whole
from cxaudit.schema.tables import TABLES, Column, Table
from cxaudit.schema.values import CLASSES, OTHER
from cxaudit.texts import say

_INK = "#1F2933"
_REQUIRED_FILL = "#F3E3C3"
_OPTIONAL_FILL = "#E9EDF0"
_FORMATS = {"moment": "yyyy-mm-dd hh:mm", "amount": "0.00", "id": "@", "email": "@", "category": "@", "text": "@"}
_ROWS = 5_000
_NARROW, _WIDE = 18, 48
_GUIDE_WIDTH, _GUIDE_LINE = 900, 21


def write_templates(directory: Path, *, lang: str) -> list[Path]:
    """Write one workbook a table into `directory`, made if need be, and return their paths; each appears whole."""
    directory.mkdir(parents=True, exist_ok=True)
    return [_write(directory / f"{table.name}.xlsx", template(table, lang)) for table in TABLES.values()]


def _write(path: Path, data: bytes) -> Path:
    with whole(path) as draft:
        draft.write_bytes(data)
    return path


def template(table: Table, lang: str) -> bytes:
    """The workbook of one table: the sheet to fill in, whose names are the canonical ones, and a guide."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        _sheet_to_fill(book, table, lang)
        _guide(book, table, lang)
    return buffer.getvalue()


def _sheet_to_fill(book: Any, table: Table, lang: str) -> None:
    sheet = book.add_worksheet(say(f"tables.{table.name}.label", lang)[:31])
    sheet.freeze_panes(1, 0)
    for position, column in enumerate(table.columns):
        fill = _REQUIRED_FILL if needed(table, column) else _OPTIONAL_FILL
        head = book.add_format({"bold": True, "font_color": _INK, "bg_color": fill, "bottom": 1})
        body = book.add_format({"num_format": _FORMATS.get(column.kind, "General")})
        sheet.set_column(position, position, _WIDE if column.kind == "text" else _NARROW, body)
        sheet.write_string(0, position, column.name, head)
        sheet.write_comment(0, position, _comment(table, column, lang), {"x_scale": 2})
        classes = [name for name in CLASSES.get((table.name, column.name), ()) if name != OTHER]
        if classes:
            rule = {"validate": "list", "source": classes, "error_type": "warning"}
            sheet.data_validation(1, position, _ROWS, position, rule)


def needed(table: Table, column: Column) -> bool:
    """Whether a column is required, alone or as one of several."""
    return column.required or any(column.name in group for group in table.any_of)


def _comment(table: Table, column: Column, lang: str) -> str:
    place = f"tables.{table.name}.{column.name}"
    need = say("templates.required" if needed(table, column) else "templates.optional", lang)
    kind = say(f"kinds.{column.kind}", lang)
    return f"{say(f'{place}.label', lang)} ({need})\n{say(f'{place}.meaning', lang)}\n{kind}"


def _guide(book: Any, table: Table, lang: str) -> None:
    """The guide is a text box: a sheet without cells is no table when the workbook comes back filled in."""
    sheet = book.add_worksheet(say("templates.guide", lang))
    sheet.hide_gridlines(2)
    lines = [say(f"tables.{table.name}.meaning", lang), say("templates.how", lang)]
    lines += [say("templates.one_of", lang, names=group) for group in table.any_of]
    if table.customer:
        lines.append(say("templates.customer", lang, names=table.customer))
    lines += ["", *(f"{column.name}: {_line(table, column, lang)}" for column in table.columns)]
    size = {"width": _GUIDE_WIDTH, "height": _GUIDE_LINE * (len(lines) + 2)}
    sheet.insert_textbox(0, 0, "\n".join(lines), {**size, "font": {"size": 11, "color": _INK}, "line": {"none": True}})


def _line(table: Table, column: Column, lang: str) -> str:
    need = say("templates.required" if needed(table, column) else "templates.optional", lang)
    return f"{say(f'tables.{table.name}.{column.name}.meaning', lang)} ({need})"
