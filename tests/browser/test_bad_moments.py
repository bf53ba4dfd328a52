"""What goes wrong in a room: back, two tabs, a lost connection, an upload cancelled, a file corrected, the language."""

from __future__ import annotations

import re
from pathlib import Path

from conftest import open_sample, settled, visit
from playwright.sync_api import BrowserContext, Page, Route, WebSocketRoute, expect

HEAD = "Numéro de commande;Date de commande;E-mail client;Montant total\n"


def orders(folder: Path, count: int) -> Path:
    """An export of so many orders, always of the same name."""
    rows = (
        f"C{n:04d};{1 + n % 28:02d}/{1 + n // 28 % 9:02d}/2026;client{n % 60}@exemple.fr;{20 + n % 40},50\n"
        for n in range(count)
    )
    export = folder / "commandes.csv"
    export.write_text(HEAD + "".join(rows), "utf-8")
    return export


def drop(page: Page, export: Path) -> None:
    page.locator("input[type=file]").first.set_input_files(export)


def diagnose(page: Page) -> None:
    page.locator(".st-key-start button").click()
    page.wait_for_url("**/overview*")
    expect(page.locator(".st-key-signals").first).to_be_visible()
    settled(page)


def test_the_back_button_goes_back(sample: Page) -> None:
    visit(sample, "overview")
    visit(sample, "signals")
    expect(sample.locator(".st-key-raw").first).to_be_visible()
    visit(sample, "plan")
    expect(sample.locator("h1")).to_contain_text("action")
    settled(sample)
    back(sample, "signals")
    expect(sample.locator(".st-key-raw").first).to_be_visible()
    back(sample, "overview")
    expect(sample.locator(".st-key-confrontation").first).to_be_visible()
    settled(sample)


def test_a_link_makes_two_steps_of_the_history_at_most(address: str, person: BrowserContext) -> None:
    """The page, and what its plain link leaves out, all at once; a page seen before, with all its choices, no more."""
    page = person.new_page()
    open_sample(page, address)
    page.get_by_text("English", exact=True).click()
    expect(page.locator(".st-key-links").first).to_contain_text("Overview")
    settled(page)
    for name in ("context", "exports", "plan", "context"):
        before = page.evaluate("history.length")
        visit(page, name)
        expect(page).to_have_url(re.compile("language=English.*tab="))
        assert page.evaluate("history.length") - before <= 2


STEP_BACK = """() => new Promise(done => {
    addEventListener("popstate", () => done(location.pathname), {once: true});
    history.back();
})"""


def back(page: Page, name: str) -> None:
    """The back button, until the page turns: one seen for the first time may take several steps of the history."""
    here = reached = page.evaluate("location.pathname")
    for _ in range(4):
        reached = page.evaluate(STEP_BACK) if reached == here else reached
    assert reached == f"/{name}"


def test_a_second_tab_is_another_workshop(address: str, person: BrowserContext) -> None:
    first, second = person.new_page(), person.new_page()
    open_sample(first, address)
    second.goto(f"{address}/overview")
    expect(second.locator(".st-key-empty").first).to_be_visible()
    second.goto(f"{address}/exports")
    expect(second.locator("input[type=file]").first).to_be_attached()
    visit(first, "signals")
    expect(first.locator(".st-key-raw").first).to_be_visible()


def test_a_lost_connection_costs_nothing(address: str, person: BrowserContext) -> None:
    page = person.new_page()
    wires: list[WebSocketRoute] = []

    def connect(wire: WebSocketRoute) -> None:
        wire.connect_to_server()
        wires.append(wire)

    page.route_web_socket(re.compile("_stcore/stream"), connect)
    open_sample(page, address)
    visit(page, "signals")
    page.get_by_label("Note de la salle").fill("Dit avant la coupure")
    page.get_by_label("Note de la salle").press("Tab")
    page.locator(".st-key-keep-note button").click()
    expect(page.locator(".st-key-note").first).to_contain_text("— Dit avant la coupure")
    before = len(wires)
    wires[-1].close(code=1012, reason="lost")
    while len(wires) == before:  # pytest-wide limits aside, the browser tries again by itself within seconds
        page.wait_for_timeout(100)
    expect(page.get_by_test_id("stConnectionStatus")).to_have_count(0)
    visit(page, "plan")
    visit(page, "signals")
    expect(page.locator(".st-key-note").first).to_contain_text("— Dit avant la coupure")


def test_a_cancelled_upload_changes_nothing_and_can_be_done_again(
    address: str, person: BrowserContext, tmp_path: Path
) -> None:
    page = person.new_page()
    page.goto(f"{address}/exports")
    uploads = re.compile("_stcore/upload_file")
    waiting: list[Route] = []
    page.route(uploads, lambda route: waiting.append(route))  # under way for ever
    drop(page, orders(tmp_path, 250))
    page.get_by_role("button", name="Cancel upload of commandes.csv").click()
    expect(page.get_by_text("commandes.csv")).to_have_count(0)
    assert waiting
    page.unroute(uploads)
    with page.expect_file_chooser() as asked:  # by the button, as a person would: a browser drops the same file once
        page.get_by_test_id("stFileUploaderDropzone").get_by_role("button").last.click()
    asked.value.set_files(orders(tmp_path, 180))
    expect(page.locator(".st-key-file-0")).to_contain_text("180 commandes")
    diagnose(page)


def test_a_corrected_file_changes_the_figures(address: str, person: BrowserContext, tmp_path: Path) -> None:
    page = person.new_page()
    page.goto(f"{address}/exports")
    drop(page, orders(tmp_path, 250))
    expect(page.locator(".st-key-file-0")).to_contain_text("250 commandes")
    diagnose(page)
    expect(page.locator(".st-key-head")).to_contain_text("250 commandes")

    visit(page, "exports")
    page.locator(".st-key-more-files summary").click()
    drop(page, orders(tmp_path, 180))
    expect(page.locator(".st-key-file-0")).to_contain_text("180 commandes")
    visit(page, "overview")
    expect(page.locator(".st-key-outdated")).to_contain_text("Les exports ont changé depuis ce diagnostic")
    expect(page.locator(".st-key-head")).to_contain_text("250 commandes")
    page.locator(".st-key-outdated a").click()
    diagnose(page)
    expect(page.locator(".st-key-head")).to_contain_text("180 commandes")
    expect(page.locator(".st-key-outdated")).to_have_count(0)


def test_the_language_turns_in_the_middle_of_everything(address: str, person: BrowserContext) -> None:
    page = person.new_page()
    open_sample(page, address)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.locator(".st-key-panel-targets").get_by_text("Cibles et seuils").click()
    page.get_by_label("CSAT (%)").fill("95")
    page.get_by_label("CSAT (%)").press("Tab")
    page.locator(".st-key-apply button").click()
    off_target = page.locator(".st-key-finding-csat").filter(has_text="n’atteint pas sa cible")
    expect(off_target).not_to_have_count(0)
    settled(page)
    page.get_by_text("English", exact=True).click()
    in_english = page.locator(".st-key-finding-csat").filter(has_text="is not on target")
    expect(in_english).not_to_have_count(0)
    expect(off_target).to_have_count(0)
    expect(page.get_by_label("CSAT (%)")).to_have_value("95.00")
    page.locator(".st-key-undo button").click()
    expect(in_english).to_have_count(0)
    expect(page.get_by_label("CSAT (%)")).to_have_value("90.00")
