"""The app as a browser sees it: `python -m bench.app [--orders N] [--sessions N] [--megabytes M]`, printed as Markdown.

Redraws are set beside an empty rerun of the same server kind in the same run; of the sample, or of exports of N orders
that are at hand when the session begins. Sessions each upload one export of their own; the server's memory is read
while all are open, and again once it has let go of those that left.
"""

from __future__ import annotations

import argparse
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from bench.__main__ import _sample as sample_exports

ROOT = Path(__file__).parent.parent
FLOOR = """
import streamlit as st
st.button("again", key="again", on_click=lambda: st.session_state.update(n=st.session_state.get("n", 0) + 1))
st.markdown(f"run {st.session_state.get('n', 0)}")
"""
# The app where each session begins with the figures of exports that it would else read for long.
BEGUN = """
from pathlib import Path
from cxaudit.audit import events_of
from cxaudit.ingest import ingest_paths
from cxaudit.schema.settings import Settings
from cxaudit.ui import audits, session
held = session.workshop()
if held.ingested is None:
    held.ingested, held.origin = ingest_paths([Path({exports!r})], settings=Settings()), "files"
    held.events = events_of(held.ingested.tables.get("events"))
    session.take_settings(Settings(), audits.run(held, Settings(), held.events, lambda share, what: None))
"""
TIMES = 5
WINDOWS = (
    ("a window of silence", "Silence (jours)", "60"),
    ("a window of answers", "Réponse à l’enquête (jours)", "21"),
)
PAGES = ("signals", "context", "field", "overview")
WAIT = 120_000  # milliseconds
KEPT = 165  # seconds: two minutes in case the browser comes back, and the next round that looks for those who left


@contextmanager
def server(script: Path) -> Iterator[tuple[str, int]]:
    """A server of its own: its address and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless", "true", "--server.port"]
    running = subprocess.Popen([*command, str(port)], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()
                break
            except OSError:
                time.sleep(0.2)
        yield address, running.pid
    finally:
        running.terminate()
        running.wait(timeout=20)


def timed(act: Callable[[], None]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def settled(page: Page) -> None:
    """The run is over."""
    page.get_by_test_id("stStatusWidget").wait_for(state="detached")


def floor(browser: Browser) -> float:
    """The median of an empty rerun, in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "floor.py"
        script.write_text(FLOOR, "utf-8")
        with server(script) as (address, _):
            page = browser.new_page()
            page.set_default_timeout(WAIT)
            page.goto(address)
            found = []
            for run in range(1, TIMES + 1):

                def again(run: int = run) -> None:
                    page.get_by_role("button", name="again").click()
                    page.get_by_text(f"run {run}", exact=True).wait_for()

                found.append(timed(again))
            page.close()
            return statistics.median(found)


@contextmanager
def begun(orders: int) -> Iterator[Path]:
    """The app's script where sessions begin with exports of that many orders; 0: with nothing."""
    if not orders:
        yield ROOT / "app.py"
        return
    with tempfile.TemporaryDirectory() as folder:
        for name in ("pages", "cxaudit", "sample_data", ".streamlit"):
            (Path(folder) / name).symlink_to(ROOT / name)
        script = Path(folder) / "app.py"
        before = BEGUN.format(exports=str(sample_exports(orders).resolve()))
        script.write_text(before + (ROOT / "app.py").read_text("utf-8").replace("from __future__", "# "), "utf-8")
        yield script


def redraws(browser: Browser, orders: int) -> dict[str, float]:
    """Seconds from a click to the redrawn page, on the sample or on exports of that many orders."""
    with begun(orders) as script, server(script) as (address, _):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(WAIT)
        page.goto(address)
        page.locator(".st-key-way-sample").wait_for()
        settled(page)
        way = (
            page.locator(".st-key-links a[href^='overview']") if orders else page.get_by_role("button", name="exemple")
        )

        def start() -> None:
            way.click()
            page.locator(".st-key-confrontation").first.wait_for()

        found = {f"{'first' if orders else 'sample click to'} overview, fresh server": timed(start)}
        settled(page)
        for name in PAGES:
            visits = []
            for _ in range(TIMES):
                _visit(page, "plan", ".st-key-links")
                visits.append(timed(lambda name=name: _visit(page, name, "h1")))  # type: ignore[misc]
            found[f"page switch to {name}"] = statistics.median(visits)
        found["change of a target"] = _target(page)
        found["an event declared"], found["an event taken back"] = _event(page)
        _visit(page, "overview", "h1")
        page.locator(".st-key-panel-windows").get_by_text("Délais", exact=True).click()
        for name, label, value in WINDOWS:
            found[f"change of {name}"] = _moved(page, lambda label=label, value=value: _filled(page, label, value))  # type: ignore[misc]
        found["undo"] = _moved(page, page.locator(".st-key-undo button").click)
        page.close()
        return found


def _visit(page: Page, name: str, shown: str) -> None:
    page.locator(f".st-key-links a[href^='{name}']").click()
    page.wait_for_url(f"**/{name}*")
    page.locator(shown).first.wait_for()
    settled(page)


def _target(page: Page) -> float:
    page.get_by_test_id("stExpandSidebarButton").click()
    page.locator(".st-key-panel-targets").get_by_text("Cibles et seuils").click()
    target = page.get_by_label("CSAT (%)")
    target.fill("95")
    target.press("Tab")
    moved = page.locator(".st-key-finding-csat").filter(has_text="Déjà hors cible")
    apply = page.locator(".st-key-apply button")
    apply.click(trial=True)  # the panel, just opened, still moves: what waits for it is no redraw

    def change() -> None:
        apply.click()
        moved.first.wait_for()

    return timed(change)


def _event(page: Page) -> tuple[float, float]:
    """Days dragged over on the timeline are declared in one click, then taken back: until the chart counts anew."""
    _visit(page, "context", "h1")
    chart = page.locator(".st-key-timeline-chart").filter(has_text="événements déclarés").first
    chart.scroll_into_view_if_needed()
    count = int(re.search(r"(\d+) événements déclarés", chart.inner_text())[1])  # type: ignore[index]
    box = chart.bounding_box()
    assert box is not None
    across, height = box["y"] + box["height"] / 2, box["width"]
    page.mouse.move(box["x"] + 0.6 * height, across)
    page.mouse.down()
    for share in (0.62, 0.64, 0.66):
        page.mouse.move(box["x"] + share * height, across)
    page.mouse.up()
    here = page.locator(".st-key-event-here button")
    here.wait_for()
    settled(page)

    def counted(button: Locator, events: int) -> float:
        told = page.locator(".st-key-timeline-chart").filter(has_text=f"{events} événements déclarés").first
        button.click(trial=True)
        found = timed(lambda: (button.click(), told.wait_for()))  # type: ignore[arg-type, return-value]
        settled(page)
        return found

    return counted(here, count + 1), counted(page.locator(".st-key-event-delete button"), count)


def _filled(page: Page, label: str, value: str) -> None:
    field = page.locator(".st-key-panel-windows").get_by_label(label)
    field.fill(value)
    field.press("Tab")
    page.locator(".st-key-apply button").click()


def _moved(page: Page, act: Callable[[], None]) -> float:
    """Until the panel tells what moved: the figures have followed."""
    settled(page)
    before = page.locator(".st-key-changed").inner_text()

    def follow() -> None:
        act()
        page.wait_for_function(
            "before => (document.querySelector('.st-key-changed')?.innerText ?? before) !== before",
            arg=before,
            polling=20,
        )

    return timed(follow)


def sessions(browser: Browser, count: int, megabytes: int) -> dict[str, float]:
    """The server's memory in megabytes: empty, with every session's export read, and after all have left."""
    tickets = sample_exports(1_000_000) / "zendesk_tickets.csv"
    with tempfile.TemporaryDirectory() as folder, server(ROOT / "app.py") as (address, process):
        found = {"empty server": _memory(process)}
        pages = []
        for place in range(count):
            export = Path(folder) / f"tickets-{place}.csv"
            with tickets.open("rb") as whole:
                export.write_bytes(whole.read(megabytes * 1_000_000).rpartition(b"\n")[0])
            page = browser.new_context().new_page()
            page.set_default_timeout(WAIT)
            page.goto(f"{address}/exports")
            page.locator("input[type=file]").first.set_input_files(export)
            page.get_by_text(f"tickets-{place}.csv").first.wait_for()
            page.locator("[class*=st-key-columns-]").first.wait_for()
            settled(page)
            export.unlink()
            pages.append(page)
        found[f"{count} sessions of {megabytes} MB"] = _memory(process)
        for page in pages:
            page.goto(f"{address}/exports")
            page.context.close()
        time.sleep(KEPT)
        found["after they left"] = _memory(process)
        return found


def _memory(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.app")
    parser.add_argument("--orders", type=int, default=0)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--megabytes", type=int, default=50)
    options = parser.parse_args()
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        empty = floor(browser)
        print("| what | seconds | × an empty rerun |\n|---|---|---|")
        print(f"| empty rerun | {empty:.2f} | 1.0 |")
        for name, seconds in redraws(browser, options.orders).items():
            print(f"| {name} | {seconds:.2f} | {seconds / empty:.1f} |", flush=True)
        if options.sessions:
            print("\n| server | MB |\n|---|---|")
            for name, megabytes in sessions(browser, options.sessions, options.megabytes).items():
                print(f"| {name} | {megabytes:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
