"""Home: what the audit answers, and the three ways in."""

import streamlit as st

from cxaudit.ui import shell

page = shell.open_page("home")
page.title(page.say("ui.home.title"))
st.markdown(page.say("ui.home.what"))
