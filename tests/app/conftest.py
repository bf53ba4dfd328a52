"""The app in the test's own process: an audit made by hand in the session, and any page by its name."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

sys.path.insert(0, str(Path(__file__).parent))

from made_audit import made

from cxaudit.ui import jobs
from cxaudit.ui.session import Workshop

ROOT = Path(__file__).parents[2]
Open = Callable[..., AppTest]


@pytest.fixture
def workshop() -> Workshop:
    audit = made()
    return Workshop(client="Maison Alba", origin="files", audit=audit, events=audit.context.events)


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Open:
    """`open_page(name, workshop=…, lang=…, **state)`: the page as a person sees it after coming from home."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(jobs, "PATIENCE", 60.0)  # what is made is there on the next look, however busy the machine

    def opened(name: str, workshop: Workshop | None = None, lang: str = "fr", **state: object) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        if workshop is not None:
            app.session_state["workshop"] = workshop
        for key, value in state.items():
            app.session_state[key] = value
        app.run()
        if lang == "en":
            app.radio(key="language").set_value("English").run()
        return app if name == "home" else app.switch_page(f"pages/{name}.py").run()

    return opened


def words(app: AppTest) -> str:
    """Everything that the page says."""
    parts = [*app.title, *app.subheader, *app.markdown, *app.text]
    return "\n".join(str(part.value) for part in parts)
