"""Topics of many short texts, French and English together, each named by the words and phrases that set it apart.

Words are stems, phrases two words in a row, and concepts (a written list) what different wordings share. Texts become
weighted rows (tf-idf), projected on their main directions (latent semantic analysis), joined by Ward's method on a
sample of different texts; of the numbers of topics, the smallest whose mean silhouette is nearly the best stands, since
wordings that come again otherwise each make their own topic. Of many texts, topics are learnt on 4 000 chosen by a
digest of what they say. Every text then goes to the nearest topic, if one is near, by the same terms and weights.
Nothing is random: the same texts give the same topics.

Sources: Deerwester et al. (1990); Ward (1963); Rousseeuw (1987).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse.linalg import LinearOperator, eigsh
from scipy.spatial.distance import squareform

from cxaudit.field.terms import AT_ONCE, Alphabet, Terms, Written, representative, written
from cxaudit.field.words import stem
from cxaudit.tokens import Texts

Rows = NDArray[np.float64]
Whole = NDArray[np.int64]
FEWEST = 12
LEARNT = 4000
SAMPLE = 1200
DIRECTIONS = 10
MOST_TOPICS = 30
GOOD_ENOUGH = 0.80
NEAR = 0.25
OF_CONCEPT, OF_STEM, OF_PHRASE = 1.5, 1.0, 0.5
TERMS = 6
UNNAMED = "–"
RARE = 2
SHOWN_FROM = 5  # a word of fewer writers may be somebody's name, unless it is one of the written concepts
EVERYWHERE = 0.5
EVEN = 0.1  # what all texts share still tells them from silence


@dataclass(frozen=True)
class Topic:
    """A name, the words and phrases that set the topic apart, and the places of its texts."""

    label: str
    terms: tuple[str, ...]
    members: Whole


def topics(texts: Texts, most: int = MOST_TOPICS, writers: Whole | None = None) -> list[Topic]:
    """At most `most` topics of `texts`, most texts first; empty where fewer than 12 texts say anything.

    `writers`: whom each text is by (whole numbers from 0); None: each is by somebody else.
    """
    told = written(texts)
    return topics_of(told, texts, most, np.arange(told.size) if writers is None else writers)


def topics_of(told: Written, texts: Texts, most: int, writers: Whole) -> list[Topic]:
    """The topics of texts whose words are read."""
    labels = _labels(told, representative(texts, told.speaking, LEARNT), most)
    found = _distinct(_named(told, labels, writers))
    return sorted(found, key=lambda topic: (-len(topic.members), topic.label))


def _labels(told: Written, learnt: Whole, most: int) -> Whole:
    """The number of each text's topic as learnt on some of them, −1 where the text says nothing or is near none."""
    labels = np.full(told.size, -1, np.int64)
    known = told.alphabet.meaning(told.of(learnt))
    space = _Space.learnt(known, len(learnt), told.alphabet)
    speaking, rows = space.rows(known, len(learnt))
    if len(speaking) < FEWEST:
        return labels
    centres = _centres(rows, most)
    for some in np.split(np.arange(told.size), range(AT_ONCE, told.size, AT_ONCE)):
        everywhere, placed = space.rows(told.alphabet.meaning(told.of(some)), len(some))
        likeness = placed @ centres.T
        near = likeness.max(axis=1) >= NEAR
        labels[some[everywhere]] = np.where(near, likeness.argmax(axis=1), -1)
    return labels


def _centres(rows: Rows, most: int) -> Rows:
    """The middle of each group of rows."""
    different = np.sort(np.unique(np.round(rows, 6), axis=0, return_index=True)[1])
    chosen = different[np.unique(np.linspace(0, len(different) - 1, min(SAMPLE, len(different))).astype(int))]
    groups = _joined(rows[chosen], most)
    return _unit(np.array([rows[chosen][groups == name].mean(axis=0) for name in np.unique(groups)]))


# ---- from terms to rows ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Space:
    """Terms that tell, what each weighs (tf-idf), and the main directions of the texts they were learnt on."""

    keys: Whole
    weight: Rows
    axes: Rows

    @classmethod
    def learnt(cls, terms: Terms, texts: int, alphabet: Alphabet) -> _Space:
        """Terms in one text or in over half of them are left out, but for concepts."""
        keys, held = np.unique(terms.key, return_counts=True)
        size = max(1, len(np.unique(terms.text)))
        idea = alphabet.is_idea(keys)
        kept = (held >= RARE) & (idea | (held <= EVERYWHERE * size))
        kind = np.where(idea, OF_CONCEPT, np.where(alphabet.is_phrase(keys), OF_PHRASE, OF_STEM))
        weight = (kind * (EVEN + np.log((1 + size) / (1 + held))))[kept]
        found = keys[kept]
        return cls(found, weight, _directions(_features(terms, texts, found, weight)))

    def rows(self, terms: Terms, texts: int) -> tuple[Whole, Rows]:
        """The texts that bear one of the terms, and their unit rows on the main directions."""
        features = _features(terms, texts, self.keys, self.weight)
        speaking = np.flatnonzero(np.diff(features.indptr))
        return speaking, _unit(np.asarray(features[speaking] @ self.axes))


def _features(terms: Terms, texts: int, keys: Whole, weight: Rows) -> Any:
    """A sparse unit row a text."""
    if not len(keys):
        return sparse.csr_matrix((texts, 0))
    place = np.minimum(np.searchsorted(keys, terms.key), len(keys) - 1)
    known = keys[place] == terms.key
    place, text = place[known], terms.text[known]
    starts = np.concatenate([[0], np.cumsum(np.bincount(text, minlength=texts))])
    norms = np.sqrt(np.bincount(text, weight[place] ** 2, texts))
    return sparse.csr_matrix((weight[place] / norms[text], place, starts), shape=(texts, len(keys)))


def _directions(features: Any) -> Rows:
    """Terms × main directions; few terms or texts stay as they are."""
    speaking = features[np.flatnonzero(np.diff(features.indptr))]
    directions = min(DIRECTIONS, min(speaking.shape) - 1)
    if directions < 2:
        return np.eye(features.shape[1])
    # Of the two Gram matrices the smaller one; ARPACK alone, since svds adds dense steps that cost as much again.
    flat = speaking if speaking.shape[0] <= speaking.shape[1] else speaking.T.tocsr()
    size, across = flat.shape[0], flat.T.tocsr()
    gram = LinearOperator((size, size), matvec=lambda v: flat @ (across @ v), dtype=np.float64)
    _, main = eigsh(gram, k=directions, v0=np.ones(size))
    return _unit_columns(across @ main) if flat is speaking else np.asarray(main)


def _unit_columns(axes: Rows) -> Rows:
    norms = np.linalg.norm(axes, axis=0)
    known = norms > 1e-9 * norms.max(initial=0.0)  # a direction that no text takes is left out
    return axes[:, known] / norms[known]


def _unit(rows: Rows) -> Rows:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(norms > 0, norms, 1.0)


# ---- from rows to groups ---------------------------------------------------------------------------------------------


def _joined(rows: Rows, most: int) -> Whole:
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


def _silhouette(distance: Rows, groups: Whole) -> float:
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


def _named(told: Written, labels: Whole, writers: Whole) -> Iterable[Topic]:
    """A topic for each label: the words and phrases that its texts bear more often than all texts do."""
    alphabet = told.alphabet
    text, key, idea = alphabet.surface(told)
    ideas = np.unique(key[idea])
    terms = Terms.of(text, key)
    keys, everywhere = np.unique(terms.key, return_counts=True)
    own = labels[terms.text]
    for name in np.unique(labels[labels >= 0]):
        members = np.flatnonzero(labels == name)
        text, key = terms.text[own == name], terms.key[own == name]
        found, inside = np.unique(key, return_counts=True)
        people = np.unique(Terms.of(writers[text], key).key, return_counts=True)[1]
        shown = (people >= SHOWN_FROM) | np.isin(found, ideas)
        found, share = found[shown], inside[shown] / len(members)
        usual = everywhere[np.searchsorted(keys, found)] / told.size
        score = share * np.log(share / usual) * np.where(alphabet.is_pair(found), 1.2, 1.0)
        ranked = found[np.lexsort((found, -score))]
        first = _not_repeated(map(alphabet.name, ranked.tolist()))
        yield Topic(" · ".join(first[:2]) or UNNAMED, tuple(first), members)


def _not_repeated(ranked: Iterable[str]) -> list[str]:
    """The first terms none of whose stems stands in an earlier one."""
    kept: list[str] = []
    for term in ranked:
        stems = {stem(word) for word in term.split()}
        if not any(stems & {stem(word) for word in other.split()} for other in kept):
            kept.append(term)
        if len(kept) == TERMS:
            break
    return kept


def _distinct(found: Iterable[Topic]) -> list[Topic]:
    """Topics that bear one name are one topic."""
    merged: dict[str, Topic] = {}
    for topic in found:
        if topic.label in merged:
            both = np.sort(np.concatenate([merged[topic.label].members, topic.members]))
            merged[topic.label] = Topic(topic.label, merged[topic.label].terms, both)
        else:
            merged[topic.label] = topic
    return list(merged.values())
