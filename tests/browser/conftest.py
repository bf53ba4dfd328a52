"""A server of its own and a Chromium; where there is none the tests are skipped and say so."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking",
         "--no-first-run", "--disable-sync"]  # fmt: skip
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
STARTS_WITHIN = 60
expect.set_options(timeout=60_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine: apt-get install chromium"))


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a fresh server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "app.py",
        "--server.headless",
        "true",
        "--server.port",
        str(port),
    ]
    log = (tmp_path_factory.mktemp("server") / "log.txt").open("w")
    server = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.close()


def _wait(address: str) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"no answer from {address}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def _browsing(chromium: Browser) -> Iterator[BrowserContext]:
    """A context in which nothing may go wrong unseen: an error in the browser leaves a page without a word."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    errors: list[str] = []
    context.on("weberror", lambda told: errors.append(str(told.error)))
    yield context
    context.close()
    assert not errors


@pytest.fixture
def person(chromium: Browser) -> Iterator[BrowserContext]:
    """One person's browser: nothing in common with another's."""
    with _browsing(chromium) as context:
        yield context


@pytest.fixture(scope="module")
def sample(chromium: Browser, address: str) -> Iterator[Page]:
    """A page on which the sample's overview is open."""
    with _browsing(chromium) as context:
        page = context.new_page()
        open_sample(page, address)
        yield page


def open_sample(page: Page, address: str) -> None:
    """One click from home to the overview."""
    page.goto(address)
    page.get_by_role("button", name="exemple").click()
    expect(page.locator(".st-key-confrontation").first).to_be_visible()
    settled(page)


def settled(page: Page) -> None:
    """The run is over and nothing is greyed out."""
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def visit(page: Page, name: str) -> None:
    """Follow the visible link to a page."""
    page.locator(f".st-key-links a[href^='{name}']").click()
    page.wait_for_url(f"**/{name}*")
    settled(page)
