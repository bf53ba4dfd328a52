"""`make bench`: wall time and peak memory of each step, beside the floor of reading the same files and beside pandas.

Each step runs in a process of its own, so that its peak is its own. Exports are written once under `out/bench`:
`--orders` the sample's, `--narrow` three without texts, for what a machine can hold (`--orders --narrow 10000000`).
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.steps import STEPS

OUT = Path(__file__).parent.parent / "out" / "bench"
SIZES = (100_000, 1_000_000)
FLOOR, PANDAS = "reading alone", "pandas, two signals"
WITHOUT_TEXTS = (FLOOR, "ingest", "audit")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--orders", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--narrow", type=int, nargs="*", default=[])
    options = parser.parse_args()
    print(f"{platform.machine()}, Python {platform.python_version()}, {_versions()}\n")
    print("| orders | step | seconds | peak MB | × floor | × pandas, two signals |")
    print("|---|---|---|---|---|---|")
    for orders in options.orders:
        _measure(f"{orders:,}", _exports(str(orders), orders, _write_sample), tuple(STEPS), (FLOOR, PANDAS))
    for orders in options.narrow:
        folder = _exports(f"{orders}-narrow", orders, _write_narrow)
        _measure(f"{orders:,} narrow", folder, WITHOUT_TEXTS, (FLOOR,))


def _measure(name: str, folder: Path, steps: Sequence[str], beside: Sequence[str]) -> None:
    """One line a step, with its time against that of each step `beside`."""
    known = {step: _run(step, folder) for step in beside}
    for step in steps:
        seconds, peak = known[step] if step in known else _run(step, folder)
        ratios = [f"{seconds / known[other][0]:.2f}" if other in known else "" for other in (FLOOR, PANDAS)]
        print(f"| {name} | {step} | {seconds:.1f} | {peak:,.0f} | {' | '.join(ratios)} |", flush=True)


def _versions() -> str:
    from importlib.metadata import version

    return ", ".join(f"{name} {version(name)}" for name in ("polars", "pandas", "narwhals"))


def _exports(name: str, orders: int, write: Callable[[Path, int], None]) -> Path:
    """The folder of that name, written whole or not at all."""
    folder, begun = OUT / name, OUT / f"{name}.begun"
    if not folder.exists():
        begun.mkdir(parents=True, exist_ok=True)
        write(begun, orders)
        begun.rename(folder)
    return folder


def _write_narrow(folder: Path, orders: int) -> None:
    # Not at the top: with Polars its settings of memory would be loaded, and handed on to every step.
    from bench.narrow import write_narrow

    write_narrow(folder, orders)


def _write_sample(folder: Path, orders: int) -> None:
    command = [sys.executable, "-m", "cxaudit", "sample", str(folder), "--orders", str(orders)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _run(step: str, folder: Path) -> tuple[float, float]:
    """Seconds and peak megabytes of one step in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.steps", step, str(folder)], check=True, capture_output=True, text=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    return found["seconds"], found["peak_mb"]


if __name__ == "__main__":
    main()
