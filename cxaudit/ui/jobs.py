"""Other settings take hold behind the scenes where that is long: the page stays usable, and shows how far it is."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any

import streamlit as st

from cxaudit.errors import CxAuditError
from cxaudit.schema.results import Audit, Phrase
from cxaudit.schema.settings import Settings
from cxaudit.ui import session

PATIENCE = 0.8  # seconds that a change is waited for before the page is drawn without it
_AGAIN = 0.5  # seconds between two looks


class Cancelled(Exception):
    """Nobody waits for it any more."""


class Job:
    """An audit being made under other settings."""

    def __init__(
        self, settings: Settings, make: Callable[[Callable[[float, Phrase], None]], Audit], undo: bool = False
    ) -> None:
        self.settings, self.undo = settings, undo
        self.share, self.what = 0.0, Phrase.of("ui.work.start")
        self._make, self._cancelled = make, False
        self._audit: Audit | None = None
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, daemon=True, name="audit")

    def start(self) -> Job:
        self._thread.start()
        return self

    def wait(self) -> bool:
        """Whether it is done within the patience of a person."""
        self._thread.join(PATIENCE)
        return self.done

    @property
    def done(self) -> bool:
        return not self._thread.is_alive()

    def cancel(self) -> None:
        self._cancelled = True

    def result(self) -> Audit:
        """The audit, or the error that came instead."""
        if self._error is not None:
            raise self._error
        assert self._audit is not None
        return self._audit

    def _run(self) -> None:
        try:
            self._audit = self._make(self._tell)
        except Cancelled:
            pass
        except BaseException as error:  # raised where the page can say it
            self._error = error

    def _tell(self, share: float, what: Phrase) -> None:
        if self._cancelled:
            raise Cancelled
        self.share, self.what = share, what


def settle() -> None:
    """Before anything is drawn: what is done meanwhile takes hold; why it cannot is kept to be said."""
    held = session.workshop()
    if held.job is None or not held.job.done:
        return
    job, held.job = held.job, None
    try:
        session.take_settings(job.settings, job.result(), job.undo)
    except CxAuditError as error:
        held.trouble = error.phrase


def box(page: Any) -> None:
    """While figures are made anew: which, and how far; nothing else."""
    if session.workshop().job is not None:
        _watched(page)


@st.fragment(run_every=_AGAIN)
def _watched(page: Any) -> None:
    job = session.workshop().job
    if job is None or job.done:
        st.rerun()
    with st.container(border=True, key="calculating"):
        st.progress(min(max(job.share, 0.0), 1.0), text=f"{page.say('ui.work.calculating')} {page.say(job.what)}")
