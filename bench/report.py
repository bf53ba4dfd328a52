"""How long a workbook takes, and how much memory: `python bench/report.py [detail rows]` (default 100 000)."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

from cxaudit.report import write_workbook
from cxaudit.schema.results import Audit, Measure, Segment, Span
from cxaudit.stats.intervals import wilson


def detail(name: str, successes: int) -> Segment:
    """A class of 80 units with its interval, so that all three of its figures are formulas."""
    share = successes / 80
    return Segment(name, successes, 80, share, *wilson(share, 80.0), 80.0)


def audit_of(rows: int) -> Audit:
    """An audit whose one measure has this many classes, each a line of the data sheet."""
    classes = tuple(detail(f"Produit {n}", 20 + n % 30) for n in range(rows))
    measure = Measure("recontact.orders.30d", "share", 922, 4118, 922 / 4118, 0.21, 0.237, 3000.0, 1.3, "established")
    measure = replace(measure, segments={"product": classes})
    span = Span(date(2026, 1, 1), date(2026, 9, 30))
    return Audit("bench", "1", span.last, span, measures={measure.key: measure})


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    audit = audit_of(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.xlsx"
        start = time.perf_counter()
        write_workbook(audit, path, lang="fr")
        seconds = time.perf_counter() - start
        size = path.stat().st_size / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{rows} rows: {seconds:.1f} s, peak {peak:.0f} MB, file {size:.1f} MB")


if __name__ == "__main__":
    main()
