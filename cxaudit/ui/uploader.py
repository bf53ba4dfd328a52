"""Streamlit's file uploader speaks English alone and takes no other words; a rule of style puts the reader's over them.

Each rule both shrinks and replaces, on one and the same element: where a later Streamlit has no such element, its
English words are seen again and nothing else has changed. They stay in the accessible name, before the new words:
hidden outright, they would take the name away, in Chromium's tree of accessibility at least.
"""

from __future__ import annotations

import streamlit as st

from cxaudit.ui.shell import Page

_BUTTON = '[data-testid="stFileUploaderDropzone"] [data-testid="stBaseButton-secondary"] p'
_LIMIT = '[data-testid="stFileUploaderDropzoneInstructions"] span'


def spoken(page: Page, key: str, most_mb: int | None = None, *, several: bool = False) -> None:
    """Put the page's words over those of the uploader of this key: its button, and how heavy a file may be."""
    most = most_mb or st.get_option("server.maxUploadSize")
    words = {
        _BUTTON: page.say("ui.upload.several" if several else "ui.upload.one"),
        _LIMIT: page.say("ui.upload.limit", most=most),
    }
    st.html(f"<style>{''.join(_rule(f'.st-key-{key} {place}', said) for place, said in words.items())}</style>")


def _rule(place: str, said: str) -> str:
    quoted = said.replace("\\", "\\\\").replace('"', '\\"')
    return f'{place}{{font-size:0;white-space:normal}}{place}::after{{font-size:.875rem;content:" {quoted}"}}'
