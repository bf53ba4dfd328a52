"""What the declared events explain of each figure, what remains, and the days that ask for a name."""

import streamlit as st

from cxaudit.ui import events, normal, panel, shell

page = shell.open_page("context")
audit = shell.require_audit(page)
panel.draw(page)
events.confirmed(page)
key = normal.choose(page, audit)
if key is None:
    page.title(page.say("ui.context.none"), page.say("ui.context.none_why"))
    with st.container(border=True, key="event-form"):
        events.form(page, audit)
    st.stop()

adjusted = audit.context.signals[key]
page.title(normal.headline(page, adjusted, audit.measures[key].unit), normal.subtitle(page, audit, key))
normal.timeline(page, audit)
waterfall, question = st.columns([7.2, 3.8], gap="small")
with waterfall, st.container(border=True, height="stretch", key="waterfall"):
    normal.fall(page, audit, key, adjusted)
    normal.told(page, audit, key, adjusted)
with question, st.container(border=True, height="stretch", key="event-form"):
    events.question(page, audit)
    events.form(page, audit)

st.subheader(page.say("ui.context.declared"), anchor=False)
events.declared(page)
events.proposals(page, audit)
st.subheader(page.say("ui.context.table"), anchor=False)
normal.all_figures(page, audit)
