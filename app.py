"""Home: what the audit answers in two sentences, and the three ways in."""

import streamlit as st

from cxaudit.ui import entrance, shell

page = shell.open_page("home")
page.title(page.say("ui.home.title"))
st.markdown(page.say("ui.home.what"))

sample, files, reopen = st.columns(3, gap="small")
with sample, st.container(border=True, height="stretch", key="way-sample"):
    entrance.sample(page)
with files, st.container(border=True, height="stretch", key="way-files"):
    entrance.own_files(page)
with reopen, st.container(border=True, height="stretch", key="way-reopen"):
    entrance.reopen(page)

entrance.at_hand(page)
entrance.tour(page)
