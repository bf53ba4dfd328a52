"""A bar while something is made, and errors as sentences."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, StopException

from cxaudit.errors import CxAuditError
from cxaudit.schema.results import Phrase
from cxaudit.ui.shell import Page, problem

Tell = Callable[[float, Phrase], None]
_SOON = 0.3  # seconds; what is done sooner needs no bar


def quietly(_share: float, _what: Phrase) -> None:
    """Nobody is told."""


@contextmanager
def progress(page: Page) -> Iterator[Tell]:
    """A bar with a sentence, gone when the work is done; a click meanwhile is answered after it, not instead of it."""
    bar = _Bar(page)
    yield bar.tell
    bar.close()


@contextmanager
def told(page: Page) -> Iterator[None]:
    """An error of the data is said on the page; a bug surfaces."""
    try:
        yield
    except CxAuditError as error:
        problem(page, error.phrase)


class _Bar:
    def __init__(self, page: Page) -> None:
        self._page, self._place, self._begun = page, st.empty(), time.monotonic()
        self._bar: Any = None
        self._asked: BaseException | None = None

    def tell(self, share: float, what: Phrase) -> None:
        if self._asked is None and time.monotonic() - self._begun > _SOON:
            try:
                self._draw(share, self._page.say(what))
            except (RerunException, StopException) as asked:
                self._asked = asked

    def _draw(self, share: float, text: str) -> None:
        self._bar = self._bar or self._place.progress(0.0, text=text)
        self._bar.progress(min(max(share, 0.0), 1.0), text=text)

    def close(self) -> None:
        if self._asked is not None:
            raise self._asked
        self._place.empty()
