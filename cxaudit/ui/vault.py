"""A refresh must not cost the workshop: figures, notes, plan and settings outlive a lost connection; rows do not.

What is kept lies under two secrets together: this browser's own cookie and a random word in the tab's address. Another
browser with the same address, or another tab without it, finds nothing. Erasing takes it away at once.
"""

from __future__ import annotations

import binascii
import hashlib
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

import streamlit as st

from cxaudit.ui import address
from cxaudit.ui.session import Workshop

TAB = "tab"
_COOKIE = "_streamlit_xsrf"
_KEPT_SECONDS = 12 * 3600  # a working day with its lunch
_MOST = 40  # an audit without its rows takes a few megabytes


@dataclass(frozen=True, slots=True)
class _Kept:
    since: float
    workshop: Workshop


class Vault:
    """Workshops without their rows, by secret; the oldest make room for new ones."""

    def __init__(self, most: int = _MOST, seconds: float = _KEPT_SECONDS) -> None:
        self._most, self._seconds = most, seconds
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = Lock()

    def keep(self, secret: str, held: Workshop, now: float) -> None:
        """Keep a workshop's decisions and figures; its rows stay out."""
        entries = [entry.as_json() for entry in held.ingested.entries] if held.ingested else held.mapping
        rowless: dict[str, Any] = dict.fromkeys(("ingested", "live", "verbatims", "job", "projected"))
        light = replace(held, sheets={}, changes=[], mapping=entries, **rowless)
        with self._lock:
            self._kept[secret] = _Kept(now, light)
            self._kept.move_to_end(secret)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def find(self, secret: str, now: float) -> Workshop | None:
        """The workshop under this secret, if it is not too old."""
        with self._lock:
            found = self._kept.get(secret)
            if found is None or now - found.since > self._seconds:
                self._kept.pop(secret, None)
                return None
            return replace(found.workshop)

    def drop(self, secret: str) -> None:
        with self._lock:
            self._kept.pop(secret, None)


_VAULT = Vault()


def keep(held: Workshop) -> None:
    """Keep this tab's workshop, and see that its address bears the word to find it again."""
    if held.audit is None:
        return
    if given := new_word():
        address.write({TAB: given})
        _VAULT.keep(str(_secret(given)), held, time.monotonic())


def new_word() -> str | None:
    """This tab's word, made up when first asked for; None where the browser has no cookie to go with it."""
    word: str = st.session_state.setdefault(f"{TAB}_word", secrets.token_urlsafe(9))
    return None if _secret(word) is None else word


def word() -> str | None:
    """This tab's word, which a link leaves out of the address; None before there is one."""
    given: str | None = st.session_state.get(f"{TAB}_word")
    return given if given and _secret(given) is not None else None


def find() -> Workshop | None:
    """What this browser's tab held before the refresh; None on a first visit."""
    word = st.query_params.get(TAB)
    secret = _secret(word) if word else None
    found = _VAULT.find(secret, time.monotonic()) if secret else None
    if found is not None:
        st.session_state[f"{TAB}_word"] = word
    return found


def drop() -> None:
    """Forget what was kept for this tab."""
    word = st.session_state.pop(f"{TAB}_word", None)
    secret = _secret(word) if word else None
    if secret is not None:
        _VAULT.drop(secret)


def _secret(word: str) -> str | None:
    """The browser's cookie and the tab's word as one digest; None where the browser has no cookie."""
    token = browser_token(st.context.cookies.get(_COOKIE, ""))
    return None if token is None else hashlib.sha256(token + b"/" + word.encode()).hexdigest()


def browser_token(cookie: str) -> bytes | None:
    """The random bytes of Streamlit's cookie, which writes them under a new mask each time: 2|mask|masked|time."""
    parts = cookie.strip("\"'").split("|")
    if len(parts) != 4:
        return None
    try:
        mask, masked = binascii.a2b_hex(parts[1]), binascii.a2b_hex(parts[2])
    except (binascii.Error, ValueError):
        return None
    if not mask or len(masked) < 16:
        return None
    return bytes(byte ^ mask[place % len(mask)] for place, byte in enumerate(masked))
