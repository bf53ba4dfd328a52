"""The compiled lexicons: true to their sources, and phrases found as a reader would find them."""

from __future__ import annotations

from importlib import resources

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxaudit.tone.builder import compiled, telling
from cxaudit.tone.fold import fold
from cxaudit.tone.keys import Keys
from cxaudit.tone.lexicon import COMPILED, load
from cxaudit.tone.telling import LANGUAGES, UNIT, marks
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


@given(
    st.lists(st.lists(st.integers(-3, 1 << 40), max_size=40), max_size=4), st.lists(st.integers(-3, 50), max_size=20)
)
def test_keys_know_what_they_took_in_by_its_first_place(parts: list[list[int]], wanted: list[int]) -> None:
    keys, all_of_them = Keys(np.zeros(0, np.int64)), [number for part in parts for number in part]
    for part in parts:
        keys.add(np.array(part, np.int64))
    places = [all_of_them.index(number) if number in all_of_them else -1 for number in wanted + all_of_them]
    assert keys.places(np.array(wanted + all_of_them, np.int64)).tolist() == places


def test_a_word_tells_what_its_marks_tell() -> None:
    lines, weights = telling()
    rows = {line: row for row, line in enumerate(lines)}
    words = ["remboursement", "ok", "merci", "bananas", "37", "a", "x" * 30, *(line[4:-1] for line in lines[::999])]
    words = [word for word in words if word.isalnum()]
    told = load().senses.telling.told([word.encode() for word in words])
    for word, by_language in zip(words, told, strict=True):
        for language, sums in zip(LANGUAGES, by_language, strict=True):
            found = [weights[rows[f"{language}\t{mark}"]] for mark in marks(word) if f"{language}\t{mark}" in rows]
            assert np.allclose(sums * UNIT, np.sum(found, axis=0) if found else 0, atol=0.01), (word, language)


def test_words_have_one_number_each() -> None:
    batch = fold(["Le colis, le COLIS et la colle", "colis colise lis é œ oe"])
    by_number: dict[int, set[bytes]] = {}
    for number, word in zip(batch.keys().tolist(), batch.words, strict=True):
        by_number.setdefault(number, set()).add(word)
    assert all(len(words) == 1 for words in by_number.values())
    assert len(by_number) == len(set(batch.words)) == 9


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
