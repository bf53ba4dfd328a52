"""The app as a browser sees it: addresses, isolation, privacy, refresh, keyboard."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from conftest import open_sample, settled, visit
from playwright.sync_api import BrowserContext, Locator, Page, expect

from cxaudit import texts
from cxaudit.ui.shell import PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_deep_link_explains_itself(address: str, person: BrowserContext, name: str) -> None:
    page = person.new_page()
    page.goto(f"{address}/{name}")
    expect(page.locator("h1")).to_have_text(texts.say(f"ui.page.{name}", "fr"))
    page.goto(f"{address}/{name}?language=English")
    expect(page.locator("h1")).to_have_text(texts.say(f"ui.page.{name}", "en"))


def test_every_page_is_reached_by_a_visible_link_and_asks_nobody_else(address: str, person: BrowserContext) -> None:
    page = person.new_page()
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).hostname or ""))
    open_sample(page, address)
    for name in PAGES:
        visit(page, name)
        assert urlsplit(page.url).path == f"/{name}"
        expect(page.locator("h1")).not_to_be_empty()
    assert asked <= {"127.0.0.1", "localhost", ""}


def test_a_refresh_comes_back_to_the_same_view(address: str, person: BrowserContext) -> None:
    page = person.new_page()
    open_sample(page, address)
    page.get_by_text("English", exact=True).click()
    expect(page.locator(".st-key-links").first).to_contain_text("Overview")
    visit(page, "signals")
    page.get_by_text("Silence", exact=True).click()
    expect(page).to_have_url(re.compile("signal=silence"))
    title = page.locator("h1").inner_text()
    page.reload()
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator(".st-key-raw").first).to_be_visible()
    assert "language=English" in page.url and "signal=silence" in page.url


def test_two_people_never_see_each_other(address: str, sample: Page, person: BrowserContext) -> None:
    other = person.new_page()
    other.goto(f"{address}/overview")
    expect(other.locator(".st-key-empty").first).to_be_visible()
    other.goto(f"{address}/verbatims")
    expect(other.locator(".st-key-empty").first).to_be_visible()
    expect(sample.locator(".st-key-confrontation").first).to_be_visible()


def test_erasing_leaves_nothing(address: str, person: BrowserContext) -> None:
    page = person.new_page()
    open_sample(page, address)
    visit(page, "report")
    expect(page.locator(".st-key-way-excel").get_by_role("button")).to_be_enabled()
    ask = page.locator(".st-key-privacy").get_by_text("Effacer cet audit")
    ask.evaluate("it => it.scrollIntoView({block: 'center'})")  # what opens beside it must find room
    ask.click()
    page.get_by_role("button", name="Effacer maintenant").click()
    expect(page.locator(".st-key-empty").first).to_be_visible()
    page.reload()
    expect(page.locator(".st-key-empty").first).to_be_visible()


def test_the_keyboard_turns_the_pages(sample: Page) -> None:
    visit(sample, "overview")
    sample.get_by_text("Projeter").click()
    expect(sample.get_by_role("button", name="Page suivante")).to_be_visible()
    settled(sample)
    sample.keyboard.press("ArrowRight")  # no click elsewhere: the switch has let go of the focus
    sample.wait_for_url("**/signals*")
    expect(sample.locator(".st-key-raw").first).to_be_visible()
    sample.locator("h1").click()
    sample.keyboard.press("ArrowLeft")
    sample.wait_for_url("**/overview*")
    sample.get_by_text("Projeter").click()
    expect(sample.get_by_role("button", name="Page suivante")).to_have_count(0)


def test_uploaders_speak_the_readers_language(address: str, person: BrowserContext) -> None:
    page = person.new_page()
    for lang, button, limit in (
        ("Français", "Choisir des fichiers", "400\u00a0Mo au plus par fichier"),
        ("English", "Choose files", "at most 400\u00a0MB a file"),
    ):
        page.goto(f"{address}/exports?language={lang}")
        dropzone = page.get_by_test_id("stFileUploaderDropzone")
        words = dropzone.get_by_role("button", name=re.compile(button)).locator("p")
        expect(words).to_have_css("font-size", "0px")
        assert button in shown_after(words)
        assert limit in shown_after(dropzone.get_by_test_id("stFileUploaderDropzoneInstructions").locator("span"))


def shown_after(place: Locator) -> str:
    """The words that style puts after an element's own."""
    words: str = place.evaluate("it => getComputedStyle(it, '::after').content")
    return words


NONE_CUT = """() => {
    const figures = document.querySelectorAll("[data-testid=stMetricValue], [data-testid=stMetricValue] *");
    const shown = [...figures].filter(it => it.clientWidth);
    return shown.length && shown.every(it => it.scrollWidth <= it.clientWidth + 1);
}"""


@pytest.mark.parametrize("name", ["overview", "signals", "crosses"])
def test_no_large_figure_is_cut(address: str, person: BrowserContext, name: str) -> None:
    """On a telephone, on a projector, and on a projector beside the open panel."""
    page = person.new_page()
    open_sample(page, address)
    visit(page, name)
    for width in (390, 430, 1440, 1024):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(NONE_CUT)
    page.get_by_test_id("stExpandSidebarButton").click()
    expect(page.locator(".st-key-apply")).to_be_visible()
    page.wait_for_function(NONE_CUT)


def test_charts_speak(sample: Page) -> None:
    visit(sample, "signals")
    charts = sample.locator("[data-testid=stVegaLiteChart]")
    expect(charts.first).to_be_visible()
    labels = sample.locator(".st-key-monthly [aria-label*='95']")
    expect(labels.first).to_be_attached()
    expect(sample.locator(".st-key-monthly").first).to_contain_text("hors événements")
