"""What leaves the room: the Excel audit, its JSON, and the file that goes on next quarter."""

import streamlit as st

from cxaudit.ui import entrance, handover, panel, shell

page = shell.open_page("report")
audit = shell.require_audit(page)
panel.draw(page)
page.title(page.say("ui.page.report"), page.say("ui.report.subtitle"))
client, lang, quoted = handover.identity(page)
handover.downloads(page, audit, client, lang, quoted)
st.subheader(page.say("ui.report.notes"), anchor=False)
handover.said(page)
st.subheader(page.say("ui.report.since"), anchor=False)
handover.since_last_time(page, audit)
with st.container(horizontal=True, vertical_alignment="center", key="privacy"):
    st.markdown(shell.muted(page.say("ui.private")))
    entrance.erase_button(page)
