"""The state of the view in the URL, so that a link or a refresh comes back to it; never data.

Streamlit's own `bind="query-params"` cannot be used here: a page with a bound widget refuses `st.switch_page`.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

FRAME = ("language", "presenter")


def recall(key: str, options: Sequence[str]) -> None:
    """Before a widget is drawn: give it the value that the URL names, if it is an option and nothing is chosen."""
    given = st.query_params.get(key)
    if key not in st.session_state and given in options:
        st.session_state[key] = given


def remember(key: str, value: str | None, default: str | None) -> None:
    """After a widget is drawn: write its value to the URL; the default is left out."""
    if value is None or value == default:
        if key in st.query_params:
            del st.query_params[key]
    elif st.query_params.get(key) != value:
        st.query_params[key] = value


def carried() -> dict[str, str]:
    """The parameters that every link takes along to another page."""
    return {key: st.query_params[key] for key in FRAME if key in st.query_params}
