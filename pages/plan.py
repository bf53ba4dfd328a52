"""The plan: lines decided in the room, and what the findings advise."""

import streamlit as st

from cxaudit.ui import actions, panel, plan, session, shell

page = shell.open_page("plan")
audit = shell.require_audit(page)
panel.draw(page)
page.title(actions.headline(page), page.say("ui.about.plan"))
plan.lines(page, audit)
if not session.workshop().plan:
    st.markdown(shell.muted(page.say("ui.plan.empty")))
st.subheader(page.say("ui.plan.advice"), anchor=False)
actions.advice(page, audit)
