"""The sample: figures that ship with the program are read where they still hold; rows are lent once they are there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import Open
from made_audit import made

from cxaudit.follow.kept import Kept
from cxaudit.follow.live import Live
from cxaudit.ui import sample, shipped, showcase
from cxaudit.ui.session import Workshop
from cxaudit.ui.showcase import Figures, Once, Rows

AUDIT = made()
FIGURES = Figures(AUDIT, AUDIT.context.events)


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A place to ship to, a package of one file and a sample of one export."""
    for folder in ("package/signals", "package/texts", "sample_data"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "package/signals/recontact.py").write_bytes(b"one = 1\n")
    (tmp_path / "sample_data/commandes.csv").write_bytes(b"a;b\n1;2\n")
    monkeypatch.setattr(shipped, "_PACKAGE", tmp_path / "package")
    monkeypatch.setattr(shipped, "SAMPLE", tmp_path / "sample_data")
    monkeypatch.setattr(shipped, "FILE", tmp_path / "sample.cxaudit")
    monkeypatch.setattr(shipped, "DIGEST", tmp_path / "sample.txt")
    return tmp_path


def test_what_is_shipped_is_what_is_read(shelf: Path) -> None:
    assert shipped.read() is None
    shipped.write(FIGURES)
    assert shipped.read() == FIGURES


def test_other_words_and_line_ends_change_no_figure(shelf: Path) -> None:
    shipped.write(FIGURES)
    (shelf / "package/texts/ui.toml").write_text("new = 1")
    (shelf / "package/signals/recontact.py").write_bytes(b"one = 1\r\n")
    assert shipped.read() == FIGURES


@pytest.mark.parametrize(
    "changed", ["package/signals/recontact.py", "package/signals/new.py", "sample_data/commandes.csv"]
)
def test_figures_of_other_code_or_exports_are_not_read(shelf: Path, changed: str) -> None:
    shipped.write(FIGURES)
    (shelf / changed).write_text("other = 2\n")
    assert shipped.read() is None


def test_a_damaged_file_is_not_read(shelf: Path) -> None:
    shipped.write(FIGURES)
    shipped.FILE.write_bytes(shipped.FILE.read_bytes()[:-30])
    assert shipped.read() is None


def test_the_figures_in_this_tree_are_those_of_its_sample() -> None:
    found = shipped.read()
    if found is None:
        pytest.skip("code or sample have changed since: python -m cxaudit.ui.shipped ships them anew")
    fresh = sample.figures_of(sample.rows())
    assert found.events == fresh.events
    assert {key: measure.value for key, measure in found.audit.measures.items()} == pytest.approx(
        {key: measure.value for key, measure in fresh.audit.measures.items()}
    )
    assert [one.key for one in found.audit.findings] == [one.key for one in fresh.audit.findings]


def test_one_makes_it_for_all() -> None:
    once: Once[int] = Once()
    assert (once.get(lambda: 1), once.get(lambda: 2)) == (1, 1)


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> Rows:
    lent = Rows({"commandes.csv": ()}, "ingested", (), Live())
    monkeypatch.setattr(showcase.rows, "made", lent)
    return lent


def test_results_are_lent_once_they_are_there(rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Workshop(origin="sample", audit=AUDIT)
    showcase.lend(held)
    assert held.live is not rows.live and not held.live.begun
    computed = Live(results=Kept({"contacts": ()}))
    monkeypatch.setattr(showcase.live, "made", computed)
    showcase.lend(held)
    assert held.live.begun and held.live is not computed


def test_rows_are_lent_to_the_sample_alone(rows: Rows) -> None:
    sample, own, gone = (
        Workshop(origin="sample", audit=AUDIT),
        Workshop(origin="files", audit=AUDIT),
        Workshop(origin="sample"),
    )
    for held in (sample, own, gone):
        showcase.lend(held)
    assert sample.ingested == "ingested" and sample.sheets == rows.sheets and sample.sheets is not rows.sheets
    assert own.ingested is None and gone.ingested is None


def test_one_click_opens_the_overview_without_waiting_for_rows(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Any] = []
    monkeypatch.setattr(Once, "begin", lambda self, make: begun.append(make))
    monkeypatch.setattr(sample, "figures", lambda tell=None: FIGURES)
    monkeypatch.setattr(showcase, "figures", Once())
    monkeypatch.setattr(showcase, "rows", Once())
    app = open_page("home")
    app.button(key="sample").click().run()
    assert not app.exception and app.session_state["workshop"].audit is AUDIT
    assert sample.live in begun and showcase.rows.made is None
    assert "deux contredits" in app.switch_page("pages/overview.py").run().title[0].value
