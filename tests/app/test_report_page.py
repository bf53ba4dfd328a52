"""The report page: what a person chooses is what the deliverables hold, and what the preview shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Open, words
from PIL import Image
from pptx import Presentation

from cxaudit import texts
from cxaudit.errors import UnusableData
from cxaudit.report import SHEET_GROUPS, SHEET_KEYS
from cxaudit.report.logo import HEAVIEST_MB, TALLEST, WIDEST, clean_logo, scale_within
from cxaudit.schema.results import Phrase, Suggestion
from cxaudit.ui.choices import Choice
from cxaudit.ui.events import spoken_audit
from cxaudit.ui.handover import Writing, made, slides, workbook
from cxaudit.ui.session import Workshop


def image(kind: str = "PNG", size: tuple[int, int] = (300, 100), **more: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "#c00").save(out, kind, **more)
    return out.getvalue()


def said(app: Any) -> str:
    return words(app)


def test_every_optional_sheet_is_in_one_group() -> None:
    grouped = [key for keys in SHEET_GROUPS.values() for key in keys]
    assert sorted(grouped) == sorted(SHEET_KEYS) and len(set(grouped)) == len(grouped)


def test_all_sheets_are_on_at_first_and_one_can_be_left_out(open_page: Open, workshop: Workshop) -> None:
    app = open_page("report", workshop)
    assert app.session_state["choice"].sheets == SHEET_KEYS
    kept = [key for key in SHEET_GROUPS["signals"] if key != "tone"]
    app.button_group(key="sheets-signals").set_value(kept).run()
    assert app.session_state["choice"].sheets == tuple(key for key in SHEET_KEYS if key != "tone")
    assert f"{len(SHEET_KEYS) - 1} sur {len(SHEET_KEYS)}" in "".join(item.label for item in app.expander)
    assert "Ton" not in app.get_by_key("preview").markdown[-1].value.split(" · ")


@pytest.mark.parametrize("lang", texts.LANGUAGES)
def test_the_preview_says_what_the_first_sheet_will(
    open_page: Open, workshop: Workshop, tmp_path: Path, lang: str
) -> None:
    app = open_page("report", workshop)
    app.button_group(key="report-language").set_value(lang).run()
    choice = app.session_state["choice"]
    assert choice.lang == lang
    shown = "\n".join(
        part.value for kind in ("markdown", "text", "subheader") for part in getattr(app.get_by_key("preview"), kind)
    )
    path = tmp_path / "r.xlsx"
    path.write_bytes(made(workbook, workshop, workshop.audit, choice, Writing()))
    cover = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    cells = [str(cell.value) for row in cover.iter_rows() for cell in row if isinstance(cell.value, str)]
    for words_of in ("Maison Alba", texts.say("report.cover.title", lang), texts.say("report.cover.period", lang)):
        assert words_of in shown and any(words_of in cell for cell in cells)
    table = app.get_by_key("preview").table[0].value
    assert list(table.iloc[:, 0]) == [cell for cell in cells if cell in set(table.iloc[:, 0])]


def test_choices_come_back_with_the_page(open_page: Open, workshop: Workshop) -> None:
    app = open_page("report", workshop)
    app.color_picker(key="accent").set_value("#aa3300").run()
    app.button_group(key="sheets-work").set_value([]).run()
    app.switch_page("pages/overview.py").run()
    app.switch_page("pages/report.py").run()
    choice = app.session_state["choice"]
    assert choice.accent == "#aa3300" and "plan" not in choice.sheets and "notes" not in choice.sheets


def test_a_logo_is_kept_in_the_session_and_can_be_dropped(open_page: Open, workshop: Workshop) -> None:
    app = open_page("report", workshop)
    app.file_uploader(key="logo-file-0").upload("logo.jpg", image("JPEG"), "image/jpeg").run()
    assert app.session_state["choice"].logo.startswith(b"\x89PNG")
    app.button(key="logo-drop").click().run()
    assert app.session_state["choice"].logo is None and app.file_uploader


def test_a_file_that_is_no_image_is_refused_in_words(open_page: Open, workshop: Workshop) -> None:
    app = open_page("report", workshop)
    app.file_uploader(key="logo-file-0").upload("logo.png", b"<svg onload='x'/>", "image/png").run()
    assert app.session_state["choice"].logo is None
    assert "PNG ou JPEG lisible" in said(app)


def test_both_downloads_are_labelled_and_named(open_page: Open, workshop: Workshop) -> None:
    app = open_page("report", workshop)
    labels = {button.key: button.label for button in app.get("download_button")}
    assert "Excel" in labels["excel"] and labels["slides"] == "Télécharger les diapositives"
    assert {"json", "save"} < set(labels)


def test_erasing_forgets_the_choices(open_page: Open, workshop: Workshop) -> None:
    app = open_page("report", workshop)
    app.color_picker(key="accent").set_value("#aa3300").run()
    app.button(key="erase-side-now").click().run()
    assert "choice" not in app.session_state


def test_the_deliverables_hold_what_was_chosen_and_tell_how_far_they_are(workshop: Workshop, tmp_path: Path) -> None:
    sheets = tuple(key for key in SHEET_KEYS if key != "tone")
    choice = Choice("Maison Alba", "en", sheets, "#aa3300", clean_logo(image()))
    writing = Writing()
    path = tmp_path / "r.xlsx"
    path.write_bytes(made(workbook, workshop, workshop.audit, choice, writing))
    names = openpyxl.load_workbook(path).sheetnames
    assert "Tone" not in names and "Recontact" in names
    shares = list(writing.told())
    assert shares == sorted(shares) and len(shares) > 10 and writing.shares.empty()
    deck = Presentation(BytesIO(made(slides, workshop, workshop.audit, choice, writing)))
    assert deck.slides[0].shapes.title.text_frame.text == "Customer experience audit"


def test_what_leaves_names_the_calendars_dates_in_its_language(workshop: Workshop) -> None:
    assert workshop.audit is not None
    why = Phrase.of("context.why.public_holiday", country="FR")
    dated = Suggestion("Jour de l’an", "season", date(2026, 1, 1), date(2026, 1, 1), "calendar.public", why=why)
    audit = replace(workshop.audit, context=replace(workshop.audit.context, suggested=(dated,)))
    assert spoken_audit(audit, "en").context.suggested == (replace(dated, name="New Year’s Day"),)
    assert spoken_audit(audit, "fr") == audit


def test_a_failed_writing_ends_the_bar_too(workshop: Workshop) -> None:
    writing = Writing()
    with pytest.raises(ValueError, match="language"):
        made(workbook, workshop, workshop.audit, replace(Choice("", "fr"), lang="de"), writing)
    assert list(writing.told()) == []


# ---- the logo ------------------------------------------------------------------------------------------------------


def test_a_logo_is_written_anew_small_and_bare() -> None:
    exif = Image.Exif()
    exif[0x013B] = "Jean Dupont"
    bare = clean_logo(image("JPEG", (4000, 1000), exif=exif))
    with Image.open(BytesIO(bare)) as found:
        assert found.format == "PNG" and found.width <= WIDEST and found.height <= TALLEST
        assert found.width / found.height == pytest.approx(4, rel=0.02)
    assert b"Dupont" not in bare


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "kind"),
        (b"GIF89a" + b"\x00" * 50, "kind"),
        (image("GIF"), "kind"),
        (image()[:60], "kind"),
        (b"\x89PNG" + b"\x00" * (HEAVIEST_MB * 1_000_000), "heavy"),
        (image(size=(5000, 4000)), "large"),
    ],
    ids=["empty", "not a gif", "gif", "cut", "heavy", "large"],
)
def test_what_is_no_logo_is_refused(data: bytes, key: str) -> None:
    with pytest.raises(UnusableData) as refused:
        clean_logo(data)
    assert refused.value.phrase.key == f"error.logo.{key}"


def test_a_logo_is_brought_into_its_box_and_never_blown_up() -> None:
    assert scale_within(image(size=(480, 56)), 240, 56) == 0.5
    assert scale_within(image(size=(100, 20)), 240, 56) == 1.0
