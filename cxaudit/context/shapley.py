"""Exact Shapley shares: how much of a difference each factor explains, whatever the order they are looked at in.

Source: Shapley (1953). With at most five factors all 32 subsets are computed; nothing is sampled.
"""

from __future__ import annotations

from functools import cache
from math import factorial

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def shapley(values: Floats | list[float]) -> Floats:
    """Each player's share of `values[all] - values[none]`.

    Args:
        values: 2**n numbers; the bits of an index say which players are in (index 0: none, 2**n - 1: all).

    Returns:
        n shares, in the order of the bits; they sum to the last value minus the first.
    """
    table = np.asarray(values, dtype=float)
    players = table.size.bit_length() - 1
    if table.size != 1 << players:
        raise ValueError("one value for each subset of the players is needed")
    return _weights(players) @ table


@cache
def _weights(players: int) -> Floats:
    """Row i holds the weight of each subset's value in player i's share."""
    weights = np.zeros((players, 1 << players))
    for subset in range(1 << players):
        size = subset.bit_count()
        for player in range(players):
            if subset >> player & 1:
                weights[player, subset] = factorial(size - 1) * factorial(players - size)
            else:
                weights[player, subset] = -factorial(size) * factorial(players - size - 1)
    return weights / factorial(players)
