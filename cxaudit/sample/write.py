"""`write_sample`: the chunks in turn, each simulated, put in words and appended to the files."""

import math
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from cxaudit.sample.chunk import simulate
from cxaudit.sample.columns import Numbers
from cxaudit.sample.exports import Files
from cxaudit.sample.truth import Counts, truth_toml
from cxaudit.sample.world import World

CHUNK = 25_000
MAX_ORDERS = 10_000_000
CUSTOMERS_PER_ORDER = 4  # numbers set aside for a chunk's customers, so that ids and mails never meet


def write_sample(
    directory: Path,
    *,
    orders: int = 12_000,
    seed: int = 7,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Write the invented brand's exports and `truth.toml` into `directory` (made if needed).

    The same arguments give the same bytes. Chunks of 25 000 orders are written as they come, so that memory does not
    grow with `orders` (1 to 10 million). Files of the same names are replaced once all are complete, never before.
    `progress` receives the share done (0-1).
    """
    if not 1 <= orders <= MAX_ORDERS:
        raise ValueError(f"orders must be between 1 and {MAX_ORDERS}, not {orders}")
    directory.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".sample-", dir=directory))
    try:
        _write(draft, orders, seed, World(), progress or _unheard)
        for file in sorted(draft.iterdir()):
            file.replace(directory / file.name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _unheard(share: float) -> None:
    """Progress that nobody asked for."""


def _write(directory: Path, total: int, seed: int, world: World, progress: Callable[[float], None]) -> None:
    counts = Counts()
    with ExitStack() as stack:
        files = Files(directory, stack)
        chunks = math.ceil(total / CHUNK)
        for number in range(chunks):
            size = min(CHUNK, total - number * CHUNK)
            numbers = Numbers(number * CHUNK, number * CHUNK * CUSTOMERS_PER_ORDER, counts.tickets)
            chunk = simulate(size, total, seed, number, numbers.customer, world)
            files.add(chunk, numbers, seed, number)
            counts.add(chunk)
            progress((number + 1) / chunks)
        files.finish(counts)
        rows = files.rows()
    (directory / "truth.toml").write_text(truth_toml(world, counts, rows, total, seed), encoding="utf-8")
