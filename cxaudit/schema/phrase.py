"""A sentence as the domain knows it; alone in its module, so that a command can speak before the records are loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence not yet worded: a key of `cxaudit/texts` and the facts it needs."""

    key: str
    facts: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, key: str, **facts: Any) -> Phrase:
        return cls(key, tuple(facts.items()))
