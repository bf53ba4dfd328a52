"""What leaves the room: the Excel audit, its slides, its JSON, and the file that goes on next quarter."""

import streamlit as st

from cxaudit.ui import choices, entrance, handover, panel, preview, shell

page = shell.open_page("report")
audit = shell.require_audit(page)
panel.draw(page)
page.title(page.say("ui.page.report"), page.say("ui.report.subtitle"))
asked, first_sheet = st.columns([5, 6], gap="small")
with asked:
    choice = choices.ask(page)
with first_sheet:
    preview.draw(page, audit, choice)
handover.downloads(page, audit, choice)
st.subheader(page.say("ui.report.notes"), anchor=False)
handover.said(page)
st.subheader(page.say("ui.report.since"), anchor=False)
handover.since_last_time(page, audit)
with st.container(horizontal=True, vertical_alignment="center", key="privacy"):
    st.markdown(shell.muted(page.say("ui.private")))
    entrance.erase_button(page)
