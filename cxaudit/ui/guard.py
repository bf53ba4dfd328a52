"""Sign-in, where the host has set it up: without an `[auth]` section in the secrets there is no door to open.

Streamlit speaks OpenID Connect itself; here is only the page in front of the pages, and the way out.
"""

from __future__ import annotations

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from cxaudit import texts


def set_up() -> bool:
    """Whether the host asks people to sign in."""
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        return False


def pass_or_stop(lang: str) -> None:
    """Go on for those who have signed in; for the others a sentence, a button, and nothing else."""
    if not set_up() or st.user.get("is_logged_in"):
        return
    with st.container(border=True, key="guard"):
        st.markdown(texts.say("ui.guard.what", lang))
        st.button(texts.say("ui.guard.enter", lang), key="sign-in", type="primary", on_click=st.login)
    st.stop()


def way_out(lang: str) -> None:
    """A button to sign out, where people sign in."""
    if set_up():
        st.button(texts.say("ui.guard.leave", lang), key="sign-out", type="tertiary", on_click=st.logout)
