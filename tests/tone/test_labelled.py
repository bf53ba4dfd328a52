"""The labelled texts: sound as data, held to floors on the locked part, and steady under careless writing."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from cxaudit.tone import LABELS, as_json, read

HERE = Path(__file__).parent


def rows(lang: str, hand: str = "texts") -> list[list[str]]:
    """Texts of a writer; all but the first (`texts`) and the sixth had not seen the lexicons."""
    return [line.split("\t")[:5] for line in (HERE / f"{hand}_{lang}.tsv").read_text("utf-8").splitlines()[1:]]


def labels(texts: list[str]) -> list[tuple[str, ...]]:
    return [tuple(row["labels"]) for row in as_json(range(len(texts)), read(texts))]


@pytest.mark.parametrize(
    ("hand", "lang", "least"),
    [
        *(("texts", "fr", 800), ("second", "fr", 350), ("third", "fr", 400), ("fourth", "fr", 380)),
        *(("fifth", "fr", 380), ("sixth", "fr", 750), ("seventh", "fr", 900), ("eighth", "fr", 950)),
        *(("tenth", "fr", 600), ("eleventh", "fr", 850), ("texts", "en", 300), ("second", "en", 110)),
        *(("third", "en", 300), ("sixth", "en", 300), ("ninth", "en", 950), ("tenth", "en", 300)),
        *(("twelfth", "en", 950), ("thirteenth", "fr", 950), ("fourteenth", "fr", 850), ("fifteenth", "en", 950)),
        *(("sixteenth", "en", 950), ("seventeenth", "en", 950), ("eighteenth", "fr", 950)),
        *(("nineteenth", "en", 850), ("twentieth", "en", 850), ("twentyfirst", "fr", 900)),
    ],
)
def test_the_set_is_large_distinct_and_well_formed(hand: str, lang: str, least: int) -> None:
    found = rows(lang, hand)
    assert len(found) >= least
    assert len({row[4] for row in found}) == len(found)
    for part, _, named, sign, text in found:
        assert part in ("dev", "locked")
        assert set(named.split()) <= set(LABELS)
        assert "neutral" not in named.split() or named == "neutral"
        assert sign in ("-1", "0", "1")
        assert text.strip()


@pytest.mark.parametrize(
    ("hand", "lang", "area_floor", "right_floor"),
    [
        *(("texts", "fr", 0.98, 0.93), ("second", "fr", 0.97, 0.90), ("third", "fr", 0.86, 0.76)),
        *(("fourth", "fr", 0.94, 0.88), ("fifth", "fr", 0.79, 0.67), ("seventh", "fr", 0.93, 0.86)),
        *(("eighth", "fr", 0.93, 0.85), ("eleventh", "fr", 0.91, 0.83), ("second", "en", 0.96, 0.94)),
        *(("thirteenth", "fr", 0.92, 0.86), ("fourteenth", "fr", 0.94, 0.88), ("eighteenth", "fr", 0.92, 0.84)),
        *(("third", "en", 0.83, 0.75), ("ninth", "en", 0.93, 0.86), ("twelfth", "en", 0.83, 0.74)),
        *(("fifteenth", "en", 0.88, 0.80), ("sixteenth", "en", 0.86, 0.73), ("seventeenth", "en", 0.83, 0.75)),
    ],
)
def test_locked_polarity_keeps_its_order(hand: str, lang: str, area_floor: float, right_floor: float) -> None:
    locked = [row for row in rows(lang, hand) if row[0] == "locked" and row[3] != "0"]
    polarity = read([row[4].replace("\\n", "\n") for row in locked])["polarity"].to_numpy()
    good = np.array([row[3] == "1" for row in locked])
    area = (polarity[good][:, None] > polarity[~good]).mean() + (polarity[good][:, None] == polarity[~good]).mean() / 2
    assert area > area_floor
    assert ((polarity > 0) == good).mean() > right_floor


FRENCH = (
    *("texts", "second", "third", "fourth", "fifth", "seventh", "eighth", "tenth", "eleventh"),
    *("thirteenth", "fourteenth", "eighteenth", "twentyfirst"),
)


@pytest.fixture(scope="module")
def locked() -> list[tuple[set[str], set[str]]]:
    """The labels that each locked French text bears, and those it is given."""
    found = [row for hand in FRENCH for row in rows("fr", hand) if row[0] == "locked"]
    said = labels([row[4].replace("\\n", "\n") for row in found])
    return [(set(row[2].split()), set(one)) for row, one in zip(found, said, strict=True)]


@pytest.mark.parametrize(
    ("wanted", "floor"),
    [
        *(({"anger", "annoyance"}, 0.72), ({"disappointment"}, 0.65), ({"gratitude"}, 0.80), ({"satisfaction"}, 0.80)),
        *(({"confusion"}, 0.68), ({"worry"}, 0.68)),
    ],
)
def test_locked_labels_keep_their_floor(
    locked: list[tuple[set[str], set[str]]], wanted: set[str], floor: float
) -> None:
    hits = sum(bool(wanted & truth) and bool(wanted & said) for truth, said in locked)
    assert 2 * hits / sum(bool(wanted & labels) for pair in locked for labels in pair) > floor


def test_irony_is_rather_missed_than_invented(locked: list[tuple[set[str], set[str]]]) -> None:
    hits, said, truth = (
        sum("irony" in labels for labels in group)
        for group in ([a & b for a, b in locked], [b for _, b in locked], [a for a, _ in locked])
    )
    assert hits / said >= 0.75
    assert hits / truth >= 0.25


def test_calm_requests_stay_neutral(locked: list[tuple[set[str], set[str]]]) -> None:
    assert np.mean([said == {"neutral"} for truth, said in locked if truth == {"neutral"}]) > 0.85


def plain(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def mistyped(text: str) -> str:
    """One word in twelve loses, doubles or swaps a letter inside it."""
    draw = random.Random(text)
    words = text.split(" ")
    long = [place for place, word in enumerate(words) if len(word) > 3 and word.isalpha()]
    for place in draw.sample(long, min(len(long), max(1, round(len(words) / 12)))):
        word = words[place]
        at = draw.randrange(1, len(word) - 1)
        words[place] = draw.choice(
            [
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            ]
        )
    return " ".join(words)


@pytest.mark.parametrize(("careless", "same"), [(plain, 0.99), (str.upper, 0.98), (mistyped, 0.85)])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_labels_hold_under_careless_writing(lang: str, careless: Callable[[str], str], same: float) -> None:
    texts = [row[4].replace("\\n", "\n") for row in rows(lang)]
    before, after = labels(texts), labels([careless(text) for text in texts])
    assert np.mean([one == other for one, other in zip(before, after, strict=True)]) >= same
