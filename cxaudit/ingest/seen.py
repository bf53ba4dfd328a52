"""A sheet as the recogniser sees it: what its columns are called, and what their values look like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np

from cxaudit.ingest.evidence import Evidence, weigh
from cxaudit.ingest.mapping import is_unnamed, says_nothing
from cxaudit.ingest.profile import Profile, profile_frame
from cxaudit.ingest.sources import Sheet
from cxaudit.ingest.words import meaning, normal

# Parts of a dotted name (data.attributes.email, hits.0._source.email) that only say how records are packed.
_WRAPPERS = frozenset(
    """data attributes attribute node nodes edges edge fields field properties property payload relationships included
    object embedded source hits records record results result items item rows row list entry entries meta value
    values""".split()
)


# What needs the parts before it to be told whose or which: customer.email, firstReply.createdAt.
_GENERIC = frozenset(
    {"id", "when", "name", "email", "amount", "status", "type", "code", "create", "update", "country", "phone", "total"}
    | {"channel", "title", "start", "end", "first", "last", "address", "city", "zip", "count", "duration", "category"}
    | {"firstname", "lastname", "fullname", "body", "comment", "source", "currency", "related", "language", "url"}
    | {"customer", "agent", "evaluator", "order", "ticket", "product", "store"}
)


# A name may end with the answers that are possible: Type (avoir / remboursement), Clos (O/N).
_CHOICES = re.compile(
    r"(?<!\s)\s*\((?:[\d\s]*[^()/\d\s][^()/]*/)+[^()/]*\)\s*$|(?<!\s)\s*\((?:ex|e\.g|par ex)[. :][^()]*\)\s*$"
)


# Zendesk ends the names of custom fields with their type.
_TYPED = re.compile(r"(?<!\s)\s*\[(?:list|txt|flg|int|dec|date|msel|multi|regexp|lookup)\]$")


@dataclass(frozen=True)
class Seen:
    """A sheet as the recogniser sees it: names and labels of its columns, and what their values look like."""

    sheet: Sheet
    labels: tuple[str, ...]
    profiles: tuple[Profile, ...]
    evidence: Evidence

    @property
    def found(self) -> np.ndarray:
        return self.evidence.found

    @property
    def alike(self) -> np.ndarray:
        return self.evidence.alike

    @property
    def names(self) -> tuple[str, ...]:
        return self.sheet.names

    @property
    def title(self) -> str:
        path = PurePath(self.sheet.file)
        return f"{path.stem} {self.sheet.sheet or ''}"


def look(sheet: Sheet) -> Seen:
    """Profiles and confidences of a sheet's columns."""
    labels = tuple(_label(name, second) for name, second in _labelled(sheet))
    profiles = profile_frame(sheet.evidence, sheet.names)
    return Seen(sheet, labels, profiles, weigh(labels, profiles))


def _labelled(sheet: Sheet) -> list[tuple[str, str]]:
    second = sheet.second_names or ("",) * len(sheet.names)
    return list(zip(sheet.names, second, strict=True))


def _label(name: str, second: str) -> str:
    """The name, or the second header line where the first is a code (Q1, V3, column 2)."""
    bare = _unwrapped(re.sub(r" \(\d+\)$", "", _TYPED.sub("", name)))
    bare = _CHOICES.sub("", bare) or bare
    return second if second and (is_unnamed(bare) or says_nothing(bare)) else bare


def _unwrapped(name: str) -> str:
    """A dotted name without the parts that say nothing of what the column holds."""
    if "." not in name or " " in name:
        return name
    parts = name.split(".")
    if meaning(parts[-1]).concepts - _GENERIC:
        return parts[-1]  # shipping.delivered_at: the last part says it all
    told = [part for part in parts[:-1] if normal(part) not in _WRAPPERS and len(normal(part)) > 1]
    return ".".join([*told, parts[-1]])
