"""Other settings take hold behind the scenes: the page says so meanwhile, stays usable, and follows when it is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from threading import Event

import pytest
from conftest import Open, words
from made_audit import made
from streamlit.runtime.scriptrunner import RerunException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from test_workshop import held

from cxaudit.errors import CxAuditError
from cxaudit.schema.results import Audit, Phrase
from cxaudit.schema.settings import Settings, Targets
from cxaudit.ui import jobs, progress, session, work
from cxaudit.ui.jobs import Job
from cxaudit.ui.session import Workshop

NEW = Settings(minute_cost=0.8)
STEP = Phrase.of("progress.signal", signal="signal.recontact")


class Slow:
    """An audit in the making, which goes on when it is let."""

    def __init__(self) -> None:
        self.reached, self.go = Event(), Event()
        self.told = False

    def __call__(self, tell: progress.Tell) -> Audit:
        tell(0.4, STEP)
        self.reached.set()
        assert self.go.wait(60)
        tell(0.9, STEP)
        self.told = True
        return replace(made(), settings=NEW)


@pytest.fixture
def slow() -> Iterator[Slow]:
    making = Slow()
    yield making
    making.go.set()


@pytest.fixture
def at_hand(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    monkeypatch.setattr(session, "workshop", lambda: workshop)
    return workshop


def test_the_page_says_what_is_being_made_and_follows_when_it_is_done(
    open_page: Open, workshop: Workshop, slow: Slow
) -> None:
    app = open_page("overview", workshop)
    before = held(app).audit
    workshop.job = Job(NEW, slow).start()
    assert slow.reached.wait(60)
    app.run()
    assert not app.exception and held(app).audit is before
    assert app.switch_page("pages/plan.py").run().title and not app.exception
    slow.go.set()
    workshop.job._thread.join(60)
    app.run()
    assert held(app).job is None and held(app).settings == NEW and held(app).past == [Settings()]
    assert held(app).before is before


def test_what_cannot_be_is_said_once_and_changes_nothing(open_page: Open, workshop: Workshop) -> None:
    def failing(tell: progress.Tell) -> Audit:
        raise CxAuditError("ui.work.needs_exports")

    app = open_page("overview", workshop)
    workshop.job = Job(NEW, failing).start()
    workshop.job._thread.join(60)
    assert "déposez de nouveau les exports" in words(app.run())
    assert held(app).settings == Settings() and held(app).past == []
    assert "déposez de nouveau les exports" not in words(app.run())


def test_who_waits_for_something_else_cancels_it(at_hand: Workshop, slow: Slow) -> None:
    job = at_hand.job = Job(NEW, slow).start()
    assert slow.reached.wait(60) and session.wanted() == NEW
    session.drop_job()
    slow.go.set()
    job._thread.join(60)
    jobs.settle()
    assert job.done and not slow.told
    assert at_hand.settings == session.wanted() == Settings()


def test_an_event_meanwhile_takes_hold_together_with_it(at_hand: Workshop, slow: Slow) -> None:
    at_hand.job = Job(replace(Settings(), targets=Targets(csat=0.99)), slow).start()
    assert slow.reached.wait(60)
    page = type("Spoken", (), {"say": lambda self, phrase: "…"})()
    work.change_events(page, ())  # type: ignore[arg-type]
    slow.go.set()
    assert at_hand.audit is not None and at_hand.job is None
    assert at_hand.events == at_hand.audit.context.events == ()
    assert at_hand.settings.targets.csat == 0.99 and at_hand.past == [Settings()]
    assert at_hand.audit.settings == at_hand.settings


def test_erasing_cancels_it_too(at_hand: Workshop, slow: Slow) -> None:
    job = at_hand.job = Job(NEW, slow).start()
    assert slow.reached.wait(60)
    session.empty(at_hand)
    slow.go.set()
    job._thread.join(60)
    assert job.done and not slow.told and at_hand.job is None


def test_a_bug_surfaces(at_hand: Workshop) -> None:
    at_hand.job = Job(NEW, lambda tell: made().measures["none"]).start()  # type: ignore[arg-type,return-value]
    at_hand.job._thread.join(60)
    with pytest.raises(KeyError):
        jobs.settle()


def test_undo_takes_the_last_settings_back(at_hand: Workshop) -> None:
    at_hand.past, at_hand.settings = [Settings()], NEW
    at_hand.job = Job(Settings(), lambda tell: made(), undo=True).start()
    at_hand.job._thread.join(60)
    jobs.settle()
    assert at_hand.settings == Settings() and at_hand.past == []


def test_a_click_meanwhile_is_answered_after_the_work(monkeypatch: pytest.MonkeyPatch, workshop: Workshop) -> None:
    def clicked(*_: object) -> None:
        raise RerunException(RerunData())

    monkeypatch.setattr(progress, "_SOON", -1.0)
    monkeypatch.setattr(progress._Bar, "_draw", clicked)
    page = type("Spoken", (), {"say": lambda self, phrase: "…"})()
    done = []
    with pytest.raises(RerunException), progress.progress(page) as tell:
        tell(0.5, STEP)
        done.append("work")
        tell(1.0, STEP)
    assert done == ["work"]
