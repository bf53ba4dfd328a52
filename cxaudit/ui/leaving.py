"""What a person brought goes when the person has gone.

Streamlit keeps a closed session for two minutes in case its browser comes back, and lets go of it when another session
closes after that: on a quiet server, never. Here those who have left are looked for four times a minute.
"""

from __future__ import annotations

import ctypes
import gc
import sys
import time
from collections.abc import Callable
from functools import cache
from threading import Lock, Thread

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from cxaudit.ui import session
from cxaudit.ui.session import Workshop

GRACE_SECONDS = 120.0  # as long as Streamlit would give the session back
_EVERY_SECONDS = 15.0


class Attendance:
    """Who holds which workshop, and since when somebody is gone."""

    def __init__(self) -> None:
        self._held: dict[str, Workshop] = {}
        self._gone_since: dict[str, float] = {}
        self._lock = Lock()

    def seen(self, person: str, held: Workshop) -> None:
        with self._lock:
            self._held[person] = held
            self._gone_since.pop(person, None)

    def sweep(self, now: float, here: Callable[[str], bool]) -> int:
        """Empty the workshops of those who are gone for longer than the grace; how many."""
        with self._lock:
            for person in self._held:
                if here(person):
                    self._gone_since.pop(person, None)
                else:
                    self._gone_since.setdefault(person, now)
            left = [person for person, since in self._gone_since.items() if now - since >= GRACE_SECONDS]
            for person in left:
                del self._gone_since[person]
                session.empty(self._held.pop(person))
        return len(left)


_ATTENDANCE = Attendance()


def seen(held: Workshop) -> None:
    """This tab is here with this workshop."""
    context = get_script_run_ctx()
    if context is not None and runtime.exists():
        _ATTENDANCE.seen(context.session_id, held)
        _watch()


@cache
def _watch() -> None:
    Thread(target=_sweep_for_ever, daemon=True, name="leaving").start()


def _sweep_for_ever() -> None:
    while True:
        time.sleep(_EVERY_SECONDS)
        if runtime.exists() and _ATTENDANCE.sweep(time.monotonic(), runtime.get_instance().is_active_session):
            give_back()


def give_back() -> None:
    """Hand freed memory to the system at once; Linux's C library would keep it for the next who asks."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
        if trim is not None:
            trim(0)
