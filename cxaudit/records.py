"""Frozen records to plain JSON values and back, checked against their type hints on the way in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from cxaudit.schema.results import Phrase

_DEEPEST = 20


def encode(value: Any) -> Any:
    """Plain JSON values of a record; days as ISO text, numbers that are none as null."""
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _inner(getattr(value, item.name)) for item in fields(value)}
    return _inner(value)


def decode(kind: Any, value: Any) -> Any:
    """A value of type `kind` from plain JSON values.

    Raises:
        ValueError: the value is not of that shape; a field is unknown, or a required one is missing.
    """
    if kind is Any:
        return _free(value)
    if isinstance(value, dict) and len(value) == 1 and next(iter(value)) in _MARKS:
        value = next(iter(value.values()))
    origin, inside = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _either(inside, value)
    if origin is tuple:
        return _row(inside, value)
    if origin is not None and issubclass(origin, Mapping):
        return _names(inside, value)
    if isinstance(kind, type) and is_dataclass(kind):
        return _record(kind, value)
    return _scalar(kind, value)


def _inner(value: Any) -> Any:
    """Inside a free value a day or a phrase is marked as such, for its type is not known when it is read again."""
    if isinstance(value, Phrase):
        return {"key": value.key, "facts": [[name, _marked(fact)] for name, fact in value.facts]}
    if is_dataclass(value) and not isinstance(value, type):
        return encode(value)
    if isinstance(value, Mapping):
        return {str(name): _marked(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_marked(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return _number(value)


def _marked(value: Any) -> Any:
    if isinstance(value, Phrase):
        return {"$phrase": _inner(value)}
    if isinstance(value, datetime):
        return {"$moment": value.isoformat()}
    if isinstance(value, date):
        return {"$day": value.isoformat()}
    return _inner(value)


def _number(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _free(value: Any, depth: int = 0) -> Any:
    if depth > _DEEPEST:
        raise ValueError("nested too deep")
    if isinstance(value, list):
        return tuple(_free(item, depth + 1) for item in value)
    if isinstance(value, dict):
        if len(value) == 1:
            mark, inner = next(iter(value.items()))
            if mark in _MARKS:
                return decode(_MARKS[mark], inner)
        return {name: _free(item, depth + 1) for name, item in value.items()}
    return value


_MARKS: Mapping[str, type] = {"$phrase": Phrase, "$moment": datetime, "$day": date}


def _either(kinds: tuple[Any, ...], value: Any) -> Any:
    if value is None and NoneType in kinds:
        return None
    for kind in kinds:
        if kind is not NoneType:
            try:
                return decode(kind, value)
            except ValueError:
                continue
    raise ValueError(f"no value of {kinds}")


def _row(kinds: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise ValueError("a list is expected")
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(decode(kinds[0], item) for item in value)
    if len(value) != len(kinds):
        raise ValueError(f"{len(kinds)} values are expected")
    return tuple(decode(kind, item) for kind, item in zip(kinds, value, strict=True))


def _names(kinds: tuple[Any, ...], value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("an object is expected")
    return {decode(kinds[0], name): decode(kinds[1], item) for name, item in value.items()}


def _record(kind: type, value: Any) -> Any:
    if not isinstance(value, dict):
        raise ValueError(f"{kind.__name__} is expected")
    hints = _hints(kind)
    unknown = set(value) - set(hints)
    if unknown:
        raise ValueError(f"{kind.__name__} has no {sorted(unknown)}")
    required = {item.name for item in fields(kind) if item.default is MISSING and item.default_factory is MISSING}
    if required - set(value):
        raise ValueError(f"{kind.__name__} lacks {sorted(required - set(value))}")
    return kind(**{name: decode(hints[name], item) for name, item in value.items()})


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _scalar(kind: Any, value: Any) -> Any:
    if kind in (date, datetime):
        if not isinstance(value, str):
            raise ValueError("a day is expected")
        return kind.fromisoformat(value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind is NoneType and value is None:
        return None
    if type(value) is not kind:
        raise ValueError(f"{kind} is expected")
    return value
