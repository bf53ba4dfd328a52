"""What the bits of a text tell is what a reading character by character tells."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import polars as pl
import pytest

from cxaudit.ingest import read_bits, read_scan
from cxaudit.ingest.doubles import doubled
from cxaudit.ingest.read_scan import last_record_end, record_starts, scan

ALPHABETS = ['a,"\n', 'a,"\n\r', "aaaaaaaa,\n", 'aaaaaaaaaaaaaaaaaaaa,\n"', '"\n']


@pytest.fixture(params=[64, 1 << 18], ids=["small steps", "one step"])
def _steps(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_bits, "STEP", request.param)
    monkeypatch.setattr(read_scan, "STEP", request.param)
    monkeypatch.setattr(read_scan, "CHUNK", request.param + 7)


@dataclass
class Read:
    """A text read sign by sign: line ends, those inside quotes, where records begin, whether the quotes are sound."""

    lines: int = 0
    inner: int = 0
    starts: list[tuple[int, int]] = field(default_factory=lambda: [(0, 0)])
    sound: bool = True


def by_hand(text: str) -> Read:
    found, inside = Read(), False
    for place, sign in enumerate(text):
        before, after = text[place - 1 : place] or "\n", text[place + 1 : place + 2] or "\n"
        if sign == '"':
            inside = not inside
            found.sound &= (before if inside else after) in ',\r\n"'
        if sign == "\n":
            found.lines += 1
            found.inner += inside
            if not inside and place + 1 < len(text):
                found.starts.append((place + 1, found.lines))
    found.sound &= not inside
    found.lines += not text.endswith("\n")
    return found


@pytest.mark.usefixtures("_steps")
@pytest.mark.parametrize("seed", range(60))
def test_bits_tell_what_the_signs_tell(seed: int) -> None:
    draw = random.Random(seed)
    alphabet, size = draw.choice(ALPHABETS), draw.choice([1, 2, 63, 64, 65, 127, 128, 129, 700])
    text = "".join(draw.choice(alphabet) for _ in range(size))
    told, data = by_hand(text), text.encode()
    seen, starts = scan(data, 0, ",", '"'), record_starts(data, 0, '"')
    assert (seen.lines, seen.inner, seen.sound) == (told.lines, told.inner, told.sound)
    assert [*zip(starts.bytes, starts.lines, strict=True)] == told.starts
    for limit in (1, 40, 64, 100, size - 1):
        closed = [start for start in told.starts[1:] if start[0] <= limit]
        if 0 < limit < size:
            assert last_record_end(data, 0, limit, '"') == (closed[-1] if closed else None)


def test_values_that_stand_more_than_once() -> None:
    draw = np.random.default_rng(7)
    for most in (3, 50, 10_000):
        values = draw.integers(0, most, 400).tolist()
        rows = Counter(values)
        found = doubled(pl.Series(values, dtype=pl.UInt64))
        assert found.to_list() == [place for place, value in enumerate(values) if rows[value] > 1]
    assert doubled(pl.Series([], dtype=pl.UInt64)).to_list() == []
