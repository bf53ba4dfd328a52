"""How long a million dirty order rows take: read as text, read by the ingest, typed with the masks of what failed.

Run: python bench/reading.py [rows]

The floor is Polars reading the same file as text in the same run; typing (dates in two formats, amounts with a decimal
comma and currency signs, identifiers, flags, a few faults in each) must stay within three times that. Best of three,
because other programs share the machine.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from cxaudit.ingest.sources import Sheet, read_sources
from cxaudit.ingest.typing import Cast, to_flag, to_id, to_moment, to_number

ROWS = 1_000_000
REPEATS = 3
LIMIT = 3.0
HEAD = "N° commande;E-mail;Date;Montant;Remboursé;Statut;Pays;Canal;Livrée le;Test\n"


def write_orders(path: Path, rows: int, seed: int = 7) -> None:
    """Dirty orders: two date formats, decimal commas with signs and groups, faults in about one row of a thousand."""
    draw = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write(HEAD)
        for number in range(rows):
            day, month = draw.randrange(1, 29), draw.randrange(1, 13)
            clock = f"{draw.randrange(24):02d}:{draw.randrange(60):02d}"
            ordered = f"{day:02d}/{month:02d}/2025 {clock}" if number % 3 else f"2025-{month:02d}-{day:02d}T{clock}:00"
            amount = f"{draw.randrange(5, 400)},{draw.randrange(100):02d} €"
            if number % 50 == 0:
                amount = f"{draw.randrange(1, 9)}\u202f{draw.randrange(100, 999)},{draw.randrange(100):02d} €"
            if draw.random() < 0.001:
                ordered, amount = "31/02/2025", "à revoir"
            refund = "" if number % 20 else f"-{draw.randrange(5, 90)},{draw.randrange(100):02d} EUR"
            delivered = f"{min(day + 2, 28):02d}/{month:02d}/2025" if number % 10 else ""
            out.write(
                f"#{100000 + number};c{draw.randrange(300_000)}@exemple.fr;{ordered};{amount};{refund};"
                f"{'payée' if number % 9 else 'annulée'};FR;{'web' if number % 4 else 'boutique'};{delivered};"
                f"{'oui' if number % 997 == 0 else 'non'}\n"
            )


def type_orders(frame: pl.DataFrame) -> list[Cast]:
    """Every column of the orders cast as the ingest casts it."""
    return [
        to_id(frame["N° commande"]),
        to_id(frame["E-mail"]),
        to_moment(frame["Date"], timezone="Europe/Paris"),
        to_number(frame["Montant"]),
        to_number(frame["Remboursé"]),
        to_moment(frame["Livrée le"], timezone="Europe/Paris"),
        to_flag(frame["Test"]),
    ]


def best(work: Callable[[], Any]) -> tuple[float, Any]:
    """The shortest of three runs, in seconds, and the last result."""
    times = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - begun)
    return min(times), result


def read_one(path: Path) -> Sheet:
    sheet = next(read_sources([path]))
    if not isinstance(sheet, Sheet):
        raise RuntimeError(sheet.why)
    return sheet


def main(rows: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "commandes.csv"
        write_orders(path, rows)
        size = path.stat().st_size / 1e6
        floor, _ = best(lambda: pl.read_csv(path, separator=";", infer_schema=False))
        reading, sheet = best(lambda: read_one(path))
        typing, casts = best(lambda: type_orders(sheet.frame))
    failed = sum(int(cast.failed.sum()) for cast in casts)
    print(f"{rows:,} rows, {size:.0f} MB")
    print(f"Polars, as text      {floor:6.2f} s")
    print(f"ingest, as text      {reading:6.2f} s   {reading / floor:.1f} times")
    print(
        f"typed, with failures {typing:6.2f} s   {typing / floor:.1f} times, limit {LIMIT:.0f}; {failed:,} cells failed"
    )
    return 0 if typing <= LIMIT * floor else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS))
