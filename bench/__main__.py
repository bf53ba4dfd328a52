"""`make bench`: wall time and peak memory of each step, beside the floor of reading the same files and beside pandas.

Each step runs in a process of its own, so that its peak is its own. Sample exports are written once under `out/bench`.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
from pathlib import Path

from bench.steps import STEPS

OUT = Path(__file__).parent.parent / "out" / "bench"
SIZES = (100_000, 1_000_000)
FLOOR, PANDAS = "reading alone", "pandas, two signals"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--orders", type=int, nargs="+", default=list(SIZES))
    options = parser.parse_args()
    print(f"{platform.machine()}, Python {platform.python_version()}, {_versions()}\n")
    print("| orders | step | seconds | peak MB | × floor | × pandas, two signals |")
    print("|---|---|---|---|---|---|")
    for orders in options.orders:
        folder = _sample(orders)
        beside = {step: _run(step, folder) for step in (FLOOR, PANDAS)}
        for step in STEPS:
            seconds, peak = beside[step] if step in beside else _run(step, folder)
            ratios = f"{seconds / beside[FLOOR][0]:.1f} | {seconds / beside[PANDAS][0]:.2f}"
            print(f"| {orders:,} | {step} | {seconds:.1f} | {peak:,.0f} | {ratios} |", flush=True)


def _versions() -> str:
    from importlib.metadata import version

    return ", ".join(f"{name} {version(name)}" for name in ("polars", "pandas", "narwhals"))


def _sample(orders: int) -> Path:
    folder = OUT / str(orders)
    if not (folder / "truth.toml").exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [sys.executable, "-m", "cxaudit", "sample", str(folder), "--orders", str(orders)],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    return folder


def _run(step: str, folder: Path) -> tuple[float, float]:
    """Seconds and peak megabytes of one step in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.steps", step, str(folder)], check=True, capture_output=True, text=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    return found["seconds"], found["peak_mb"]


if __name__ == "__main__":
    main()
