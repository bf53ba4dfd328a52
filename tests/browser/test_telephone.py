"""On a telephone the plan is read and filled in card by card, and the table is one choice away."""

from __future__ import annotations

import re

from conftest import open_sample, visit
from playwright.sync_api import Browser, expect

TELEPHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"


def test_the_plan_is_filled_in_card_by_card(chromium: Browser, address: str) -> None:
    person = chromium.new_context(viewport={"width": 390, "height": 844}, user_agent=TELEPHONE, has_touch=True)
    page = person.new_page()
    open_sample(page, address)
    visit(page, "plan")
    expect(page.get_by_test_id("stDataFrame")).to_have_count(0)
    page.get_by_label("Nouvelle action").fill("Appeler le transporteur")
    page.locator(".st-key-plan-add button").click()
    expect(page.locator("h1")).to_have_text("1 action, encore sans responsable")
    card = page.locator("[class*=st-key-card-plan-]")
    expect(card.get_by_label("Action", exact=True)).to_have_value("Appeler le transporteur")
    owner = card.get_by_label("Responsable", exact=True)
    box = owner.bounding_box()
    assert box is not None and box["x"] + box["width"] <= 390
    owner.fill("Léa")
    owner.press("Tab")
    expect(page.locator("h1")).to_have_text("1 action, avec son responsable")
    page.get_by_text("en tableau", exact=True).click()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    expect(page).to_have_url(re.compile("plan-view=table"))
    person.close()
