"""What the front line keeps saying: remarks by topic, when first heard, and the tickets on the same subject."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import narwhals.stable.v2 as nw

from cxaudit.engine import collect
from cxaudit.field.terms import written
from cxaudit.field.topics import UNNAMED, topics
from cxaudit.field.words import concept, content_words, stem
from cxaudit.measure.tables import Tables
from cxaudit.schema.days import day_of
from cxaudit.schema.results import Remark

SHARED_STEMS = 2


def remarks(tables: Tables) -> tuple[Remark, ...]:
    """The period's remarks by their topic (found from the texts where none is given), most remarks first."""
    if "agent_feedback" not in tables.given:
        return ()
    inside = nw.col("day").is_between(tables.period.first, tables.period.last)
    rows = collect(tables["agent_feedback"].filter(inside).select("text", "topic", "day"))
    texts = [text or "" for text in rows["text"].to_list()]
    named = [topic.strip() if topic and topic.strip() else None for topic in rows["topic"].to_list()]
    held = _by_name(named) if any(named) else _by_topic(texts)
    days = rows["day"].to_list()
    subjects = _subjects(tables)
    drawn = [
        Remark(
            name,
            day_of(min(days[at] for at in places)),
            len(places),
            _tickets(name, [texts[at] for at in places], subjects),
        )
        for name, places in held.items()
    ]
    return tuple(sorted(drawn, key=lambda item: (-item.remarks, item.topic)))


def _by_name(named: Sequence[str | None]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, name in enumerate(named):
        if name:
            places.setdefault(name, []).append(place)
    return places


def _by_topic(texts: Sequence[str]) -> dict[str, list[int]]:
    """Remarks by the topics of their texts; too few for topics, by the first known thing they speak of."""
    found = topics(texts)
    if found:
        return {topic.label: topic.members.tolist() for topic in found}
    places: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        spoken = (word for word in content_words(text) if concept(word))
        places.setdefault(next(map(str, map(concept, spoken)), UNNAMED), []).append(place)
    named: dict[str, list[int]] = {}
    for idea, held in places.items():
        named.setdefault(_commonest(idea, [texts[at] for at in held]), []).extend(held)
    return named


def _commonest(idea: str, texts: Sequence[str]) -> str:
    """The word of a concept that most texts use; a word of none may be somebody's name and is not shown."""
    heard = Counter(word for text in texts for word in set(content_words(text)) if concept(word) == idea)
    return min(heard, key=lambda word: (-heard[word], word)) if heard else UNNAMED


def _subjects(tables: Tables) -> Counter[frozenset[str]]:
    """How many of the period's tickets bear each set of stems in reason and subject."""
    if "tickets" not in tables.given:
        return Counter()
    inside = nw.col("day").is_between(tables.period.first, tables.period.last)
    counted = (
        tables["tickets"].filter(nw.col("eligible") & inside).group_by("reason", "subject").agg(nw.len().alias("n"))
    )
    rows = collect(counted).select(
        nw.concat_str("reason", "subject", separator=" . ", ignore_nulls=True).alias("text"), "n"
    )
    told = written(rows["text"].to_native())
    stems, edges = [stem(word) for word in told.words], told.starts.tolist()
    held = [stems[code] for code in told.word.tolist()]
    found: Counter[frozenset[str]] = Counter()
    for begin, end, n in zip(edges, edges[1:], rows["n"].to_list(), strict=False):
        found[frozenset(held[begin:end])] += n
    return found


def _tickets(name: str, texts: Sequence[str], subjects: Counter[frozenset[str]]) -> int:
    """Tickets whose reason or subject bears the topic's name, or two words that most of its remarks share."""
    own = frozenset(map(stem, content_words(name)))
    heard = Counter(item for text in texts for item in set(map(stem, content_words(text))))
    common = {item for item, n in heard.items() if 2 * n >= len(texts)}
    return sum(n for stems, n in subjects.items() if (own and own <= stems) or len(common & stems) >= SHARED_STEMS)
