"""Who wrote a column of texts under a name that does not say so: customers, or the team that answers them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import polars as pl

from cxaudit.ingest.fit import is_text
from cxaudit.ingest.ranking import Choice
from cxaudit.ingest.seen import Seen
from cxaudit.ingest.speaking import TITLES
from cxaudit.ingest.words import meaning
from cxaudit.schema.tables import TABLES

CUSTOMERS, TEAM = "reviews", "agent_feedback"
# What stands beside customers' texts as well as beside the team's: nothing there tells them apart.
_BARE = frozenset({"text", "created_at", "noted_at", "title", "topic", "order_id", "ticket_id", "source", "agent"})
# Texts that are listened to, characters of each, and the share that must speak, so many times as often as others.
_LISTENED = 2_000
_HEARD = 600
_LEAST_TEXTS = 3
_LEAST_SHARE = {CUSTOMERS: 0.15, TEAM: 0.10}
_CLEARLY = 3
# Short praise is text too, next to other texts.
_TEXT = 0.7
_ACCENTS = dict(zip("àâäéèêëîïôöùûüç’", "aaaeeeeiioouuuc'", strict=True))


@dataclass(frozen=True, slots=True)
class Voice:
    """Whose texts a sheet holds: `table` by their words, None where they do not say; `assumed` until a person does."""

    table: str | None
    assumed: str

    @property
    def other(self) -> str:
        return TEAM if self.assumed == CUSTOMERS else CUSTOMERS


def voice_of(seen: Seen, best: Choice) -> Voice | None:
    """Whose texts a sheet of texts and days holds; None where a name or another column tells, or another sheet."""
    text = _texts(seen, best)
    said = set().union(*(meaning(name).concepts for name in (seen.title, *seen.labels)))
    if text is None or said & (TITLES[CUSTOMERS] | TITLES[TEAM]):
        return None
    return Voice(heard(seen.sheet.evidence[seen.names[text]]), best.table if best.table == TEAM else CUSTOMERS)


def _texts(seen: Seen, best: Choice) -> int | None:
    """The column of texts where nothing but them and their days would be read."""
    if best.table in (CUSTOMERS, TEAM):
        agent = best.columns.get(
            "agent"
        )  # « Auteur », « Nom »: of a remark or of a review; « Conseiller »: of a remark
        staff = agent is not None and "agent" in meaning(seen.labels[agent[0]]).concepts
        open_ = "text" in best.columns and not staff and not best.columns.keys() - _BARE
        return best.columns["text"][0] if open_ else None
    texts = [column for column, profile in enumerate(seen.profiles) if is_text(profile) >= _TEXT]
    days = [column for column, profile in enumerate(seen.profiles) if profile.share("moment") > 0.8]
    only = len(texts) == 1 and len(days) > 0 and len(texts) + len(days) == len(seen.names)
    return texts[0] if only and TABLES[best.table].missing(best.columns) else None


def heard(texts: pl.Series) -> str | None:
    """The table that most of the texts that show their writer belong to; None where they are few or of both."""
    told = texts.drop_nulls().head(_LISTENED).str.slice(0, _HEARD).str.to_lowercase().str.replace_many(_ACCENTS)
    rows = [_writer(text) for text in told.to_list()]
    count = {table: rows.count(table) for table in (CUSTOMERS, TEAM)}
    for table, other in ((CUSTOMERS, TEAM), (TEAM, CUSTOMERS)):
        enough = count[table] >= max(_LEAST_TEXTS, _LEAST_SHARE[table] * len(rows))
        if enough and count[table] >= _CLEARLY * count[other]:
            return table
    return None


def _writer(text: str) -> str | None:
    patterns = _turns()
    return next((table for table in (TEAM, CUSTOMERS) if any(turn.search(text) for turn in patterns[table])), None)


@cache
def _turns() -> dict[str, tuple[re.Pattern[str], ...]]:
    given = tomllib.loads(resources.files(__package__).joinpath("voices.toml").read_text("utf-8"))
    return {table: tuple(map(re.compile, given[name])) for table, name in ((TEAM, "team"), (CUSTOMERS, "customer"))}
