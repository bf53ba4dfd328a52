"""JSON and NDJSON to sheets: the lists of records wherever they are nested, fields by dotted name, lists joined."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from cxaudit.ingest.read_charset import Decoded
from cxaudit.ingest.read_layout import LINE, Row, unique_names
from cxaudit.ingest.read_sheet import Sheet, Unreadable, finish, sheet_of_rows
from cxaudit.schema.results import Phrase

BATCH = 20_000
MOST_COLUMNS = 4_000
DEEPEST = 12
SEPARATOR = ", "


def looks_like_json(head: str) -> bool:
    """Whether text begins as a JSON array or object does, and not as a cell in brackets might."""
    if head[:1] == "{":
        return head[1:].lstrip()[:1] in ('"', "}", "")
    return head[:1] == "[" and head[1:].lstrip()[:1] in ("{", "[", '"', "]", "")


def read_json(file: str, decoded: Decoded, digest: str) -> Iterator[Sheet | Unreadable]:
    """A sheet for every list of records; numbers and dates stay as they are written."""
    text = bytes(decoded.data[decoded.start :]).decode("utf-8", "replace")
    lined = _first_line_is_whole(text)
    if lined:
        yield _lined(file, text, decoded, digest)
        return
    try:
        document = _parsed(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        yield Unreadable(file, None, Phrase.of("reading.json.damaged", file=file, line=line))
        return
    found = list(_tables(document))
    if not found:
        yield Unreadable(file, None, Phrase.of("reading.json.no_rows", file=file))
    for path, rows in found:
        yield _sheet(file, path if len(found) > 1 else None, rows, decoded, digest, path)


def _parsed(text: str) -> Any:
    return json.loads(text, parse_float=str, parse_int=str, parse_constant=lambda name: None)


def _first_line_is_whole(text: str) -> bool:
    """One JSON value a line: the first two filled lines each stand alone."""
    lines = (line for line in _lines(text) if line[1].strip())
    values = []
    for _, line in lines:
        try:
            values.append(_parsed(line))
        except (ValueError, RecursionError):
            return len(values) >= 2
        if len(values) == 3:
            break
    return len(values) >= 2 and all(isinstance(value, dict | list) for value in values)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    begin, number = 0, 1
    while begin < len(text):
        end = text.find("\n", begin)
        end = len(text) if end < 0 else end
        yield number, text[begin:end]
        begin, number = end + 1, number + 1


def _lined(file: str, text: str, decoded: Decoded, digest: str) -> Sheet | Unreadable:
    broken: list[int] = []

    def values() -> Iterator[tuple[int, Any]]:
        for number, line in _lines(text):
            if line.strip():
                try:
                    yield number, _parsed(line)
                except (ValueError, RecursionError):
                    broken.append(number)
                    yield number, {"unreadable": line}

    sheet = _sheet(file, None, values(), decoded, digest, "")
    if broken and isinstance(sheet, Sheet):
        why = Phrase.of("reading.why.broken_lines", rows=len(broken), line=broken[0])
        return Sheet(**{**sheet.__dict__, "why": (*sheet.why, why)})
    return sheet


def _tables(node: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, Iterable[tuple[int, Any]]]]:
    """The outermost lists of records below `node`, each with its dotted path."""
    if depth > DEEPEST:
        return
    if isinstance(node, list):
        if node and sum(isinstance(item, dict | list) for item in node) > 0.5 * len(node):
            yield path, list(enumerate(node, start=1))
    elif isinstance(node, dict):
        split = _split_orient(node)
        if split is not None:
            yield path, split
        elif _keyed(node):
            yield path, [(number, {"key": key, **value}) for number, (key, value) in enumerate(node.items(), start=1)]
        else:
            inner = [found for key, value in node.items() for found in _tables(value, _dotted(path, key), depth + 1)]
            lone = not inner and sum(not isinstance(value, dict | list) for value in node.values()) >= 2
            yield from [(path, [(1, node)])] if lone and depth == 0 else inner


def _dotted(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _split_orient(node: Mapping[str, Any]) -> list[tuple[int, Any]] | None:
    """`{"columns": […], "data": [[…]]}`, or a list of equal length for every column."""
    columns = node.get("columns") or node.get("headers") or node.get("fields")
    data = node.get("data") or node.get("rows") or node.get("values")
    if isinstance(columns, list) and isinstance(data, list) and data and all(isinstance(row, list) for row in data):
        names = [str(name.get("name", "")) if isinstance(name, dict) else str(name) for name in columns]
        return [(number, dict(zip(names, row, strict=False))) for number, row in enumerate(data, start=1)]
    lists = [value for value in node.values() if isinstance(value, list)]
    if len(lists) < 2 or len(lists) != len(node) or len({len(value) for value in lists}) != 1 or not lists[0]:
        return None
    if any(isinstance(item, dict | list) for value in lists for item in value[:5]):
        return None
    return [(number, dict(zip(node, row, strict=True))) for number, row in enumerate(zip(*lists, strict=True), start=1)]


def _keyed(node: Mapping[str, Any]) -> bool:
    """Records under their keys: `{"1001": {…}, "1002": {…}}`."""
    values = list(node.values())
    if len(values) < 2 or not all(isinstance(value, dict) and value for value in values):
        return False
    common = set.intersection(*(set(value) for value in values[:50]))
    widest = max(len(value) for value in values[:50])
    return len(common) >= 0.6 * widest and any(not isinstance(v, dict | list) for v in values[0].values())


def _sheet(
    file: str, sheet: str | None, values: Iterable[tuple[int, Any]], decoded: Decoded, digest: str, path: str
) -> Sheet | Unreadable:
    frames: list[pl.DataFrame] = []
    lines: list[int] = []
    batch: list[dict[str, str | None]] = []
    lists: list[Row] = []
    for line, value in values:
        if isinstance(value, list) and not any(isinstance(item, dict) for item in value):
            lists.append(Row(line, tuple(_text(item) or "" for item in value)))
            continue
        batch.append(dict(_flat(value if isinstance(value, dict) else {"value": value})))
        lines.append(line)
        if len(batch) == BATCH:
            frames.append(_frame(batch))
            batch = []
    filled = [row for row in lists if row.filled]
    if filled and not batch and not frames:
        return sheet_of_rows(file, sheet, filled, digest=digest, encoding=decoded.encoding, why=decoded.why)
    if batch:
        frames.append(_frame(batch))
    frame = pl.concat(frames, how="diagonal") if frames else pl.DataFrame()
    if not frame.height or not frame.width or frame.width > MOST_COLUMNS:
        key = "reading.json.wide" if frame.width > MOST_COLUMNS else "reading.json.no_rows"
        return Unreadable(file, sheet, Phrase.of(key, file=file, columns=frame.width))
    names = unique_names(frame.columns)
    frame = frame.rename(dict(zip(frame.columns, names, strict=True)))
    frame = frame.with_columns(pl.Series(LINE, lines, dtype=pl.Int64))
    why = (*decoded.why, Phrase.of("reading.why.json", path=path or "$", rows=frame.height))
    return finish(
        Sheet(
            file, sheet, decoded.encoding, None, 0, 0, names, ("",) * len(names), frame, frame.height,
            frozenset(), why, digest,
        ),
        [],
    )  # fmt: skip


def _frame(batch: Sequence[Mapping[str, str | None]]) -> pl.DataFrame:
    columns = dict.fromkeys(name for record in batch for name in record)
    return pl.DataFrame({name: pl.Series([record.get(name) for record in batch], dtype=pl.String) for name in columns})


def _flat(node: Mapping[str, Any], path: str = "", depth: int = 0) -> Iterator[tuple[str, str | None]]:
    for key, value in node.items():
        name = _dotted(path, str(key))
        if isinstance(value, dict) and value and depth < DEEPEST:
            yield from _flat(value, name, depth + 1)
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value) and depth < DEEPEST:
            yield from _joined(value, name, depth + 1)
        else:
            yield name, _text(value)


def _joined(items: Sequence[Any], name: str, depth: int) -> Iterator[tuple[str, str | None]]:
    """A list of records within a record: each field's values joined in order."""
    fields: dict[str, list[str]] = {}
    for item in items:
        for field, value in _flat(item if isinstance(item, dict) else {"value": item}, name, depth):
            if value is not None:
                fields.setdefault(field, []).append(value)
    for field, values in fields.items():
        yield field, SEPARATOR.join(values)


def _text(value: Any) -> str | None:
    if value is None or value == "" or value == [] or value == {}:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return SEPARATOR.join(filter(None, map(_text, value))) or None
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
