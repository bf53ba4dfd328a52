"""The compiled lexicons: true to their sources, and phrases found as a reader would find them."""

from __future__ import annotations

from importlib import resources

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxaudit.tone.builder import compiled
from cxaudit.tone.keys import Keys
from cxaudit.tone.lexicon import COMPILED
from cxaudit.tone.trie import Trie
from cxaudit.tone.typos import Typos


def test_what_ships_is_what_the_sources_compile_to() -> None:
    with (resources.files("cxaudit.tone") / COMPILED).open("rb") as file, np.load(file) as stored:
        fresh = compiled()
        assert set(stored) == set(fresh)
        for name, array in fresh.items():
            assert np.array_equal(stored[name], array), name


def test_the_longest_phrase_wins_and_none_overlap() -> None:
    trie = Trie.grow([(5,), (5, 6), (6, 7, 8), (8,)])
    rows, first, last = trie.find(np.array([5, 6, 7, 8, 5, 9, 6, 7, 8]))
    assert list(zip(rows.tolist(), first.tolist(), last.tolist(), strict=True)) == [
        (1, 0, 2),
        (3, 3, 4),
        (0, 4, 5),
        (2, 6, 9),
    ]


phrases = st.lists(st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple), min_size=1, max_size=8, unique=True)


@given(phrases, st.lists(st.integers(0, 4), max_size=20))
def test_phrases_are_found_as_one_by_one(phrases: list[tuple[int, ...]], row: list[int]) -> None:
    expected, at = [], 0
    while at < len(row):
        here = [phrase for phrase in phrases if tuple(row[at : at + len(phrase)]) == phrase]
        longest = max(here, key=len, default=None)
        if longest:
            expected.append((phrases.index(longest), at, at + len(longest)))
        at += len(longest or (0,))
    found = Trie.grow(phrases).find(np.array(row, np.int64))
    assert list(zip(*(part.tolist() for part in found), strict=True)) == expected


def test_keys_are_found_where_they_stand() -> None:
    at, place = Keys(np.array([3, 7, 1 << 45], np.int64)).find(np.array([7, 8, 1 << 45, 3], np.int64))
    assert (at.tolist(), place.tolist()) == ([0, 2, 3], [1, 2, 0])
    assert Keys(np.zeros(0, np.int64)).find(np.array([1], np.int64))[0].tolist() == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("remboursemnt", "remboursement"),
        ("rembourssement", "remboursement"),
        ("rembuorsement", "remboursement"),
        ("ramboursement", "remboursement"),
        ("deplorabe", "deplorable"),
        ("rapide", None),
        ("court", None),
        ("xemboursemenx", None),
    ],
)
def test_a_slip_is_read_as_the_word_that_was_meant(written: str, meant: str | None) -> None:
    assert Typos(["remboursement", "rapid"], ["deplorable"], frozenset({"rapide"})).meant([written]) == [meant]
