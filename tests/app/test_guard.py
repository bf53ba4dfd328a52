"""Sign-in where the host has set it up: nobody gets past the door without it, everybody where there is no door."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st
from conftest import ROOT, words
from streamlit.testing.v1 import AppTest

from cxaudit import texts
from cxaudit.ui.session import Workshop
from cxaudit.ui.shell import PAGES

DOOR = {"redirect_uri": "https://audit.example/oauth2callback", "cookie_secret": "x" * 32, "client_id": "cxaudit",
        "client_secret": "y", "server_metadata_url": "https://id.example/.well-known/openid-configuration"}  # fmt: skip


@pytest.fixture
def guarded(monkeypatch: pytest.MonkeyPatch, workshop: Workshop) -> AppTest:
    """The app on a host that asks people to sign in, with an audit in the session."""
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    app.secrets["auth"] = DOOR
    app.session_state["workshop"] = workshop
    return app


@pytest.mark.parametrize("name", ["home", *PAGES])
def test_nothing_is_shown_before_the_door(guarded: AppTest, name: str) -> None:
    app = guarded.run()
    app = app if name == "home" else app.switch_page(f"pages/{name}.py").run()
    assert not app.exception
    assert texts.say("ui.guard.what", "fr") in words(app) and app.button(key="sign-in")
    assert not app.title and not app.get("page_link") and not app.metric and not app.get("file_uploader")
    assert "Maison Alba" not in words(app)


def test_the_door_speaks_both_languages(guarded: AppTest) -> None:
    app = guarded.run()
    app.radio(key="language").set_value("English").run()
    assert texts.say("ui.guard.enter", "en") == app.button(key="sign-in").label


def test_who_has_signed_in_works_as_ever_and_may_leave(guarded: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "user", {"is_logged_in": True})
    app = guarded.run().switch_page("pages/overview.py").run()
    assert not app.exception and "deux contredits" in app.title[0].value
    assert app.button(key="sign-out").label == "Se déconnecter"


def test_without_a_door_nobody_is_asked(workshop: Workshop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    assert not app.exception and app.title and "sign-out" not in [button.key for button in app.button]
