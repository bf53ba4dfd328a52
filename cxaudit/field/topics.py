"""Topics of many short texts, French and English together, each named by the words and phrases that set it apart.

Words are stems, phrases two words in a row, and concepts (a written list) what different wordings share. Texts become
weighted rows (tf-idf), projected on their main directions (latent semantic analysis), joined by Ward's method on a
sample of different texts; of the numbers of topics, the smallest whose mean silhouette is nearly the best stands, since
wordings that come again otherwise each make their own topic. Every text then goes to the nearest topic, if one is near.
Nothing is random: the same texts give the same topics.

Sources: Deerwester et al. (1990); Ward (1963); Rousseeuw (1987).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse.linalg import svds
from scipy.spatial.distance import squareform

from cxaudit.field.words import concept, content_words, phrases, stem

Rows = NDArray[np.float64]
FEWEST = 12
SAMPLE = 1200
DIRECTIONS = 10
MOST_TOPICS = 30
GOOD_ENOUGH = 0.80
NEAR = 0.25
WEIGHTS = {"concept": 1.5, "stem": 1.0, "phrase": 0.5}
TERMS = 6
UNNAMED = "–"
RARE = 2
SHOWN_FROM = 5  # a word of fewer texts may be somebody's name, unless it is one of the written concepts
EVERYWHERE = 0.5
EVEN = 0.1  # what all texts share still tells them from silence


@dataclass(frozen=True)
class Topic:
    """A name, the words and phrases that set the topic apart, and the places of its texts."""

    label: str
    terms: tuple[str, ...]
    members: NDArray[np.int64]


def topics(texts: Sequence[str], most: int = MOST_TOPICS) -> list[Topic]:
    """At most `most` topics of `texts`, most texts first; empty where fewer than 12 texts say anything."""
    words = _words(texts)
    labels = label(words, most)
    known = [name for name in np.unique(labels) if name >= 0]
    vocabulary = _surface(words)
    found = [_topic(np.flatnonzero(labels == name), vocabulary) for name in known]
    return sorted(_distinct(found), key=lambda topic: (-len(topic.members), topic.label))


def label(words: Sequence[Sequence[str]], most: int = MOST_TOPICS) -> NDArray[np.int64]:
    """The number of each text's topic, −1 where the text says nothing or is near none."""
    features = _features(words)
    speaking = np.flatnonzero(np.asarray(features.sum(axis=1)).ravel() > 0)
    labels = np.full(len(words), -1, np.int64)
    if len(speaking) < FEWEST:
        return labels
    rows = _projected(features[speaking])
    different = np.sort(np.unique(np.round(rows, 6), axis=0, return_index=True)[1])
    chosen = different[np.unique(np.linspace(0, len(different) - 1, min(SAMPLE, len(different))).astype(int))]
    groups = _joined(rows[chosen], most)
    centres = _unit(np.array([rows[chosen][groups == name].mean(axis=0) for name in np.unique(groups)]))
    likeness = rows @ centres.T
    near = likeness.max(axis=1) >= NEAR
    labels[speaking] = np.where(near, likeness.argmax(axis=1), -1)
    return labels


def _words(texts: Sequence[str]) -> list[list[str]]:
    """The content words of each text; a text that comes again is read once."""
    read: dict[str, list[str]] = {}
    for text in texts:
        if text not in read:
            read[text] = content_words(text)
    return [read[text] for text in texts]


# ---- from words to rows ----------------------------------------------------------------------------------------------


def _terms(words: Sequence[str]) -> set[tuple[str, str]]:
    pairs = phrases(words)
    stems = [stem(word) for word in words]
    found = {("stem", item) for item in stems} | {("phrase", item) for item in phrases(stems)}
    ideas = {concept(term) for term in (*words, *pairs)} - {None}
    return found | {("concept", str(idea)) for idea in ideas}


def _features(words: Sequence[Sequence[str]]) -> Any:
    """tf-idf of concepts, stems and phrases, unit rows; terms in one text or in over half of them are left out."""
    seen: dict[tuple[str, ...], set[tuple[str, str]]] = {}
    documents = []
    for held in words:
        key = tuple(held)
        if key not in seen:
            seen[key] = _terms(held)
        documents.append(seen[key])
    counts = Counter(term for document in documents for term in document)
    size = max(1, sum(1 for document in documents if document))
    kept = sorted(term for term, n in counts.items() if n >= RARE and (n <= EVERYWHERE * size or term[0] == "concept"))
    place = {term: at for at, term in enumerate(kept)}
    weight = np.array([WEIGHTS[kind] * (EVEN + np.log((1 + size) / (1 + counts[(kind, name)]))) for kind, name in kept])
    indices = [[place[term] for term in document if term in place] for document in documents]
    return _sparse_unit(indices, weight)


def _sparse_unit(indices: Sequence[Sequence[int]], weight: NDArray[np.float64]) -> Any:
    flat = np.array([at for row in indices for at in sorted(row)], np.int64)
    starts = np.cumsum([0, *(len(row) for row in indices)])
    matrix = sparse.csr_matrix((weight[flat], flat, starts), shape=(len(indices), max(1, len(weight))))
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.diags(1 / np.where(norms > 0, norms, 1.0)) @ matrix


def _projected(features: Any) -> Rows:
    """Unit rows on the main directions; few terms or texts stay as they are."""
    directions = min(DIRECTIONS, min(features.shape) - 1)
    if directions < 2:
        return _unit(features.toarray())
    start = np.ones(min(features.shape))
    _, _, axes = svds(features, k=directions, v0=start)
    return _unit(np.asarray(features @ axes.T))


def _unit(rows: Rows) -> Rows:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(norms > 0, norms, 1.0)


# ---- from rows to groups ---------------------------------------------------------------------------------------------


def _joined(rows: Rows, most: int) -> NDArray[np.int64]:
    """Ward's tree, cut into the fewest groups whose mean silhouette is nearly the best."""
    if len(rows) < 2:
        return np.ones(len(rows), np.int64)
    distance = np.clip(1 - rows @ rows.T, 0, 2)
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(np.sqrt(2 * distance), checks=False), "ward")
    largest = max(2, min(most, len(rows) // 3))
    cuts = [fcluster(tree, count, "maxclust") for count in range(2, largest + 1)]
    found = np.array([_silhouette(distance, groups) for groups in cuts])
    nearly = found.max() - (1 - GOOD_ENOUGH) * abs(found.max())
    return cuts[int(np.flatnonzero(found >= nearly)[0])].astype(np.int64)


def _silhouette(distance: Rows, groups: NDArray[np.int64]) -> float:
    names, place = np.unique(groups, return_inverse=True)
    if len(names) < 2:
        return -1.0
    member = np.eye(len(names))[place]
    sizes = member.sum(axis=0)
    sums = distance @ member
    own = sums[np.arange(len(place)), place] / np.maximum(1, sizes[place] - 1)
    others = np.where(member > 0, np.inf, sums / sizes).min(axis=1)
    widest = np.maximum(own, others)
    score = np.where(widest > 0, (others - own) / np.where(widest > 0, widest, 1), 0.0)
    return float(np.where(sizes[place] > 1, score, 0.0).mean())


# ---- what a topic is called ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Surface:
    """For each text its words and phrases as written (folded), and how many texts hold each."""

    documents: list[set[str]]
    counts: Counter[str]


def _surface(words: Sequence[Sequence[str]]) -> _Surface:
    documents = [{*held, *phrases(held)} for held in words]
    return _Surface(documents, Counter(term for document in documents for term in document))


def _topic(members: NDArray[np.int64], surface: _Surface) -> Topic:
    inside = Counter(term for place in members for term in surface.documents[place])
    size, everyone = len(members), len(surface.documents)
    scores = {
        term: n / size * np.log((n / size) / max(1e-9, surface.counts[term] / everyone)) * (1.2 if " " in term else 1)
        for term, n in inside.items()
        if n >= SHOWN_FROM or concept(term) is not None
    }
    ranked = sorted(scores, key=lambda term: (-scores[term], term))
    terms = _not_repeated(ranked)
    return Topic(" · ".join(terms[:2]) or UNNAMED, tuple(terms), members)


def _not_repeated(ranked: Sequence[str]) -> list[str]:
    """The first terms none of whose stems stands in an earlier one."""
    kept: list[str] = []
    for term in ranked:
        stems = {stem(word) for word in term.split()}
        if not any(stems & {stem(word) for word in other.split()} for other in kept):
            kept.append(term)
        if len(kept) == TERMS:
            break
    return kept


def _distinct(found: Sequence[Topic]) -> list[Topic]:
    """Topics that bear one name are one topic."""
    merged: dict[str, Topic] = {}
    for topic in found:
        if topic.label in merged:
            both = np.sort(np.concatenate([merged[topic.label].members, topic.members]))
            merged[topic.label] = Topic(topic.label, merged[topic.label].terms, both)
        else:
            merged[topic.label] = topic
    return list(merged.values())
