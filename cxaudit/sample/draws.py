"""Random draws: one generator a stage, and Bernoulli draws whose count stays close to what is planted."""

import numpy as np

Rng = np.random.Generator


def stage_rng(seed: int, chunk: int, stage: int) -> Rng:
    """An independent generator for one stage of one chunk: a change in one stage leaves the others alone."""
    return np.random.default_rng([seed, chunk, stage])


def systematic(probability: np.ndarray, rng: Rng) -> np.ndarray:
    """Success of each row with its own probability, the running count never a whole unit away from its expectation.

    Rows that should be balanced (over time, within a group) must stand next to each other. Keeps planted rates
    readable in a small sample, where independent draws would bury two points under chance.
    """
    running = np.cumsum(probability) + rng.random()
    before = np.concatenate(([running[0] - probability[0]], running[:-1])) if len(running) else running
    return np.floor(running) > np.floor(before)


def balanced(probability: np.ndarray, by: np.ndarray, time: np.ndarray, rng: Rng) -> np.ndarray:
    """`systematic` with the rows sorted by group, then time; the answer in the rows' own order."""
    order = np.lexsort((time, by))
    hit = np.zeros(len(probability), dtype=bool)
    hit[order] = systematic(probability[order], rng)
    return hit


def pick(weights: tuple[float, ...] | np.ndarray, size: int, rng: Rng) -> np.ndarray:
    """Indices drawn with the weights given (they need not sum to 1)."""
    edges = np.cumsum(weights)
    return np.searchsorted(edges / edges[-1], rng.random(size), side="right")


def pick_rows(weights: np.ndarray, rng: Rng) -> np.ndarray:
    """One index a row, from a matrix (rows × choices) of weights."""
    edges = np.cumsum(weights, axis=1)
    draw = rng.random(len(weights)) * edges[:, -1]
    return (draw[:, None] >= edges).sum(axis=1).clip(max=weights.shape[1] - 1)
