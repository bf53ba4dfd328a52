"""An event declared by its form and the keyboard, in a browser: sentence and figures follow, the focus stays."""

from __future__ import annotations

from conftest import open_sample, settled, visit
from playwright.sync_api import BrowserContext, Locator, Page, expect

# Days of August 2026, within the quarter that is compared, of which no event is declared yet.
DAYS = (("start", "03"), ("end", "12"))


def chart(page: Page) -> Locator:
    return page.locator(".st-key-timeline-chart").first


def give_days(page: Page, ends: tuple[tuple[str, str], ...]) -> None:
    """By keyboard, as the page says: day, month, year."""
    for end, day in ends:
        parts = page.locator(f".st-key-event-days [data-range-field={end}]").get_by_role("spinbutton")
        parts.first.click()
        page.keyboard.type(f"{day}082026")
    page.keyboard.press("Tab")
    settled(page)


def sentence(page: Page) -> str:
    """The comparison as one would say it, under the waterfall."""
    return page.locator(".st-key-waterfall").get_by_test_id("stText").first.inner_text()


def gap(said: str) -> str:
    """The raw figures of a sentence, which no event moves."""
    return said.split(". ")[0]


def test_an_event_is_declared_by_keyboard(address: str, person: BrowserContext) -> None:
    page = person.new_page()
    open_sample(page, address)
    visit(page, "context")
    expect(chart(page)).to_contain_text("10 événements déclarés")
    before = sentence(page)

    page.get_by_label("Nom", exact=True).fill("Panne du site")
    give_days(page, DAYS)
    page.locator(".st-key-event-add button").press("Enter")
    expect(chart(page)).to_contain_text("11 événements déclarés")
    expect(page.locator(".st-key-event-add button")).to_be_focused()
    expect(page.locator(".st-key-waterfall").get_by_test_id("stText").first).not_to_have_text(before)
    settled(page)
    declared = sentence(page)
    assert "Panne du site" in declared and gap(declared) == gap(before)
    moved = page.locator(".st-key-changed, [data-testid=stMarkdown]").filter(has_text="événement « Panne du site »")
    expect(moved.first).to_be_attached()
