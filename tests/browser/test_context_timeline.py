"""The timeline in a browser: a drag gives an event its days, one click declares it, the figures follow."""

from __future__ import annotations

import re

from conftest import open_sample, settled, visit
from playwright.sync_api import BrowserContext, Page, expect


def test_days_dragged_over_become_an_event_in_one_click(sample: Page) -> None:
    visit(sample, "context")
    chart = sample.locator(".st-key-timeline-chart").first
    expect(chart).to_contain_text("10 événements déclarés")
    days = sample.locator(".st-key-event-days input").first
    former = days.input_value()
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    across, height = box["y"] + 0.5 * box["height"], box["width"]
    sample.mouse.move(box["x"] + 0.6 * height, across)
    sample.mouse.down()
    sample.mouse.move(box["x"] + 0.63 * height, across, steps=5)
    sample.mouse.move(box["x"] + 0.66 * height, across, steps=5)
    sample.mouse.up()

    here = sample.locator(".st-key-event-here button")
    expect(here).to_be_visible()
    settled(sample)
    expect(days).not_to_have_value(former)
    said = sample.locator(".st-key-timeline").get_by_test_id("stText").first
    expect(said).to_contain_text("d’ordinaire")
    first = re.search(r"Du (\d+|1er) (\w+) 202[56]", said.inner_text())
    assert first is not None

    here.click()
    expect(sample.locator(".st-key-timeline-chart").first).to_contain_text("11 événements déclarés")
    settled(sample)
    name = sample.locator(".st-key-event-name input")
    expect(name).to_have_value(re.compile(rf"Incident, du {first[1]} {first[2]}"))

    sample.locator(".st-key-event-delete button").click()
    expect(sample.locator(".st-key-timeline-chart").first).to_contain_text("10 événements déclarés")


def test_a_changed_target_is_told_on_the_timeline_s_page_and_gives_way_to_an_event(
    address: str, person: BrowserContext
) -> None:
    page = person.new_page()
    open_sample(page, address)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.locator(".st-key-panel-targets").get_by_text("Cibles et seuils").click()
    page.get_by_label("CSAT (%)").fill("95")
    page.get_by_label("CSAT (%)").press("Tab")
    page.locator(".st-key-apply button").click()
    told = page.locator(".st-key-changed")
    expect(told).to_contain_text("CSAT")
    visit(page, "context")
    expect(page.locator("h1")).to_be_visible()
    expect(told).to_contain_text("CSAT")
    page.get_by_label("Nom", exact=True).fill("Panne du site")
    page.locator(".st-key-event-add button").click()
    expect(told).to_contain_text("Panne du site")
    visit(page, "overview")
    expect(told).to_contain_text("Panne du site")
    page.locator(".st-key-undo button").click()
    expect(told).to_contain_text("CSAT")
    visit(page, "context")
    expect(page.locator(".st-key-timeline-chart").first).to_contain_text("11 événements déclarés")
