"""The app as a browser sees it: `python -m bench.app [--sessions N] [--megabytes M]`, printed as Markdown.

Redraws are set beside an empty rerun of the same server kind in the same run. Sessions each upload one export of their
own; the server's memory is read while all are open, and again once it has let go of those that left.
"""

from __future__ import annotations

import argparse
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

from playwright.sync_api import Browser, Page, sync_playwright

from bench.__main__ import _sample as sample_exports

ROOT = Path(__file__).parent.parent
FLOOR = """
import streamlit as st
st.button("again", key="again", on_click=lambda: st.session_state.update(n=st.session_state.get("n", 0) + 1))
st.markdown(f"run {st.session_state.get('n', 0)}")
"""
TIMES = 5
WINDOWS = (
    ("a window of silence", "Silence (jours)", "60"),
    ("a window of answers", "Réponse à l’enquête (jours)", "21"),
)
PAGES = ("signals", "context", "field", "overview")
WAIT = 600_000  # milliseconds
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


def redraws(browser: Browser) -> dict[str, float]:
    """Seconds from a click to the redrawn page, on the sample."""
    with server(ROOT / "app.py") as (address, _):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(WAIT)
        page.goto(address)
        sample = page.get_by_role("button", name="exemple")
        sample.wait_for()

        def start() -> None:
            sample.click()
            page.locator(".st-key-confrontation").first.wait_for()

        found = {"sample click to overview, fresh server": timed(start)}
        settled(page)
        for name in PAGES:
            visits = []
            for _ in range(TIMES):
                _visit(page, "plan", ".st-key-links")
                visits.append(timed(lambda name=name: _visit(page, name, "h1")))  # type: ignore[misc]
            found[f"page switch to {name}"] = statistics.median(visits)
        found["change of a target"] = _target(page)
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

    def change() -> None:
        page.locator(".st-key-apply button").click()
        moved.first.wait_for()

    return timed(change)


def _filled(page: Page, label: str, value: str) -> None:
    field = page.locator(".st-key-panel-windows").get_by_label(label)
    field.fill(value)
    field.press("Tab")
    page.locator(".st-key-apply button").click()


def _moved(page: Page, act: Callable[[], None]) -> float:
    """Until the panel tells what moved: the figures have followed."""
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
        for name, seconds in redraws(browser).items():
            print(f"| {name} | {seconds:.2f} | {seconds / empty:.1f} |", flush=True)
        if options.sessions:
            print("\n| server | MB |\n|---|---|")
            for name, megabytes in sessions(browser, options.sessions, options.megabytes).items():
                print(f"| {name} | {megabytes:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
