"""The steps that the bench measures, each alone in its process: `python -m bench.steps STEP FOLDER`."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

Timed = Callable[[Path], Callable[[], Any]]


def reading(folder: Path) -> Callable[[], Any]:
    """The floor: Polars reads every CSV as text."""
    import polars as pl

    def run() -> Any:
        for path in sorted(folder.glob("*.csv")):
            separator = ";" if ";" in path.open(encoding="latin-1").readline() else ","
            encoding = "utf8-lossy"
            pl.read_csv(path, separator=separator, infer_schema=False, encoding=encoding, truncate_ragged_lines=True)

    return run


def ingest(folder: Path) -> Callable[[], Any]:
    """Exports to typed tables with their ledger."""
    from cxaudit.ingest import ingest_paths
    from cxaudit.schema.settings import Settings

    return lambda: ingest_paths([folder], settings=Settings())


def signals(folder: Path) -> Callable[[], Any]:
    """All signals, and what the front line knows, from typed, prepared tables."""
    from cxaudit.audit import Brief, measured, prepare_audit
    from cxaudit.schema.settings import Settings

    found = ingest(folder)()
    tables = prepare_audit(found.tables, Brief(values=found.values)).tables
    return lambda: measured(tables, Settings())


def audit(folder: Path) -> Callable[[], Any]:
    """The whole audit from exports, tone and context included."""
    from cxaudit.audit import run_audit
    from cxaudit.prepare import HandedOver
    from cxaudit.schema.settings import Settings

    def run() -> Any:
        found = ingest(folder)()
        return run_audit(HandedOver(found.tables), Settings(), exports=found.exports, values=found.values)

    return run


def excel(folder: Path) -> Callable[[], Any]:
    """The workbook from an audit."""
    from cxaudit.report import write_workbook

    done = audit(folder)()
    target = Path(tempfile.mkdtemp()) / "report.xlsx"
    return lambda: write_workbook(done, target, lang="fr")


def context(folder: Path) -> Callable[[], Any]:
    """Every figure of the audit in five segments, raw and in normal conditions: days alone, whatever the orders."""
    from cxaudit.context import compare

    done = audit(folder)()
    many = {
        f"{key} {part}": replace(one, key=f"{key} {part}") for key, one in done.measures.items() for part in range(5)
    }
    events, days = done.context.events, {"as_of": done.as_of, "data_first": done.first}
    return lambda: compare(many, events, done.settings, **days, scopes=done.context.scopes)


def context_by_day(folder: Path) -> Callable[[], Any]:
    """The same with each day a pattern of its own: what the patterns save."""
    from unittest import mock

    import numpy as np

    from cxaudit.context.cells import Cells

    run = context(folder)

    def each(cells: Cells) -> tuple[Cells, Any]:
        return replace(cells, day=None), np.arange(cells.units.size)

    def by_day() -> Any:
        with mock.patch("cxaudit.context.model._patterns", each):
            return run()

    return by_day


def pandas_two_signals(folder: Path) -> Callable[[], Any]:
    """Recontact and repurchase after a complaint, read and computed as a consultant would write them."""
    import pandas as pd

    def run() -> Any:
        orders = pd.read_csv(folder / "shopify_commandes.csv", low_memory=False)
        orders = orders[orders["Total"].notna()].copy()
        orders["at"] = pd.to_datetime(orders["Created at"], utc=True)
        orders["email"] = orders["Email"].str.strip().str.lower()
        tickets = pd.read_csv(folder / "zendesk_tickets.csv", low_memory=False)
        tickets["at"] = pd.to_datetime(tickets["Created at"], utc=True)
        tickets["email"] = tickets["Requester email"].str.strip().str.lower()
        tickets = tickets.sort_values("at")
        by_order = tickets.dropna(subset=["N° de commande [txt]"]).groupby("N° de commande [txt]")["at"]
        gap = by_order.apply(lambda moments: (moments.iloc[1] - moments.iloc[0]).days if len(moments) > 1 else None)
        recontact = (gap <= 30).mean()
        first = tickets.groupby("email", as_index=False)["at"].min().sort_values("at")
        kept = orders[orders["Cancelled at"].isna()].sort_values("at")[["email", "at"]].rename(columns={"at": "bought"})
        after = pd.merge_asof(
            first, kept, left_on="at", right_on="bought", by="email", direction="forward", allow_exact_matches=False
        )
        return recontact, ((after["bought"] - after["at"]).dt.days <= 90).mean()

    return run


STEPS: dict[str, Timed] = {
    "reading alone": reading,
    "ingest": ingest,
    "all signals, from prepared tables": signals,
    "audit": audit,
    "context, all figures in five segments": context,
    "context, the same day by day": context_by_day,
    "Excel": excel,
    "pandas, two signals": pandas_two_signals,
}


def main(step: str, folder: str) -> None:
    run = STEPS[step](Path(folder))
    start = time.perf_counter()
    run()
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps({"seconds": seconds, "peak_mb": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
