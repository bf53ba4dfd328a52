"""The state of the view in the URL, so that a link or a refresh comes back to it; never data.

Streamlit's own `bind="query-params"` cannot be used here: a page with a bound widget refuses `st.switch_page`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

FRAME = ("language", "presenter")


def recall(key: str, options: Sequence[str]) -> None:
    """Before a widget is drawn: give it the value that the URL names, if it is an option and nothing is chosen."""
    given = st.query_params.get(key)
    if key not in st.session_state and given in options:
        st.session_state[key] = given


def remember(key: str, value: str | None, default: str | None) -> None:
    """After a widget is drawn: write its value to the URL; the default is left out."""
    write({key: None if value == default else value})


def write(values: Mapping[str, str | None]) -> None:
    """Several parameters at once, nothing where they stand so already: each writing is a step of "back".

    One without a value is taken out. Always in one order: the browser takes another order for another address.
    """
    now = st.query_params.to_dict()
    wanted = {key: value for key, value in sorted({**now, **values}.items()) if value is not None}
    if wanted != now:
        st.query_params.from_dict(wanted)


def carried() -> dict[str, str]:
    """The parameters that every link takes along to another page."""
    return {key: st.query_params[key] for key in FRAME if key in st.query_params}
