"""Fit `learnt.npz` to the names of `names.tsv` and of the schema: `python -m cxaudit.ingest.learn`, a minute or two.

To be run again after any of names.tsv, words.toml, names.toml or `learnt.parts_of` changes; a test says when.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

from cxaudit.ingest.layouts import layouts
from cxaudit.ingest.learnt import NONE_OF_THEM, as_rows, classes, parts_of
from cxaudit.ingest.mapping import fields, names_of
from cxaudit.schema.tables import TABLES

# A part of a name that stands in fewer names is chance.
LEAST_NAMES = 3
# How strongly weights are held back, and how many steps are enough.
HELD_BACK = 0.1
STEPS = 45
# The same field of another table teaches, less; another field of another table is mostly no column of this one.
ELSEWHERE = 0.6
FOREIGN = 0.05
SECOND_BEST = 0.8

Row = tuple[str, str, str]


def corpus() -> list[Row]:
    """Table, field and name: a table's `-` is a column of such a sheet that fills nothing, table `-` of any sheet,
    table `none` of a sheet that serves no table."""
    lines = resources.files(__package__).joinpath("names.tsv").read_text("utf-8").splitlines()[1:]
    table, field, name = zip(*(line.split("\t") for line in lines), strict=True)
    return list(zip(table, field, name, strict=True))


def listed() -> list[Row]:
    """The names of names.toml, and those of the known exports."""
    rows = [(ref.table, ref.column.name, name) for ref in fields() for name in names_of(ref)]
    for layout in layouts():
        if layout.table in TABLES:
            held = {name: field for field, choices in layout.mapping.items() for name in choices}
            rows += [
                (layout.table, held.get(name, NONE_OF_THEM), name) for name in dict.fromkeys([*held, *layout.columns])
            ]
    return rows


def digest() -> str:
    """Of all that the weights were learnt from."""
    held = [resources.files("cxaudit.ingest").joinpath(name) for name in ("names.tsv", "words.toml")]
    held.append(resources.files("cxaudit.schema").joinpath("names.toml"))
    held += sorted(resources.files("cxaudit.ingest").joinpath("platforms").iterdir(), key=lambda file: file.name)
    return hashlib.sha256(b"".join(file.read_bytes() for file in held)).hexdigest()


def fit(
    rows: sparse.csr_array, truth: np.ndarray, weight: np.ndarray, classes: int, steps: int = STEPS
) -> tuple[np.ndarray, np.ndarray]:
    """The softmax regression of `truth` on `rows`, by L-BFGS from zero: weights (parts × classes) and starts."""
    height, width = rows.shape
    turned = rows.T.tocsr()
    each = np.arange(height)
    told = np.zeros((height, classes))
    told[each, truth] = 1.0

    def loss(given: np.ndarray) -> tuple[float, np.ndarray]:
        weights, starts = given[:-classes].reshape(width, classes), given[-classes:]
        scores = rows @ weights + starts
        scores -= scores.max(axis=1, keepdims=True)
        sums = np.log(np.exp(scores).sum(axis=1, keepdims=True))
        slope = weight[:, None] * (np.exp(scores - sums) - told)
        value = -(weight * (scores[each, truth] - sums[:, 0])).sum() + HELD_BACK / 2 * (weights**2).sum()
        return value, np.concatenate([(turned @ slope + HELD_BACK * weights).ravel(), slope.sum(axis=0)])

    found = minimize(
        loss, np.zeros((width + 1) * classes), jac=True, method="L-BFGS-B", options={"maxiter": steps, "maxcor": 8}
    ).x
    return found[:-classes].reshape(width, classes), found[-classes:]


def _of_table(table: str) -> Callable[[Row], tuple[str, float]]:
    """What a row says of the fields of one table, and how much that counts."""
    names = TABLES[table].names

    def told(row: Row) -> tuple[str, float]:
        where, field, name = row
        best = SECOND_BEST ** name.count("~")
        if where in (table, NONE_OF_THEM):
            return field, best
        if field in names:
            return field, ELSEWHERE * best
        return NONE_OF_THEM, FOREIGN

    return told


def _of_sheets(rows: Sequence[Row]) -> Callable[[Row], tuple[str, float]]:
    """Each table counts as much as any other, however many fields it has; what stands in any sheet tells none."""
    count = Counter(where for where, _, _ in rows)
    return lambda row: (row[0], 0.0 if row[0] == NONE_OF_THEM else 1000 / count[row[0]])


def learn(rows: Sequence[Row]) -> dict[str, np.ndarray]:
    """What `learnt.npz` holds; weights are rounded to steps of a 127th of the largest of their class."""
    names = [name.lstrip("~") for _, _, name in rows]
    often = Counter(part for name in set(names) for part in parts_of(name))
    parts = sorted(part for part, count in often.items() if count >= LEAST_NAMES)
    made = as_rows(names, {part: i for i, part in enumerate(parts)}).astype(np.float64)
    found, starts = [], []
    for table, choices in classes():
        told = [(_of_table(table) if table else _of_sheets(rows))(row) for row in rows]
        place = np.array([choices.index(field) if field in choices else 0 for field, _ in told])
        one, start = fit(made, place, np.array([weight for _, weight in told]), len(choices))
        found.append(one)
        starts.append(start)
        print(f"{table or 'tables'}: {len(choices)} classes", file=sys.stderr)
    weights = np.concatenate(found, axis=1)
    steps = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127
    return {
        "parts": np.frombuffer("\n".join(parts).encode("utf-8"), np.uint8),
        "weights": np.rint(weights / steps).astype(np.int8),
        "steps": steps.astype(np.float32),
        "starts": np.concatenate(starts).astype(np.float32),
    }


def main() -> None:
    held = learn([*corpus(), *listed()]) | {"digest": np.frombuffer(digest().encode(), np.uint8)}
    np.savez_compressed(Path(__file__).with_name("learnt.npz"), allow_pickle=False, **held)


if __name__ == "__main__":
    main()
