"""What the declared events explain of each figure, what remains, and the days that ask for a name."""

import streamlit as st

from cxaudit.ui import compared, days, editor, events, normal, panel, shell

page = shell.open_page("context")
audit = shell.require_audit(page)
panel.draw(page)
events.confirmed(page)
audit = compared.choose(page, audit)
key = normal.choose(page, audit)
if key is None:
    page.title(page.say("ui.context.none"), page.say("ui.context.none_why"))
    st.stop()

adjusted = audit.context.signals.get(key)
page.title(normal.headline(page, audit, key), normal.subtitle(page, audit, key))


@st.fragment
def bench(key: str) -> None:
    """The timeline, what happened in the days picked, the fall between two periods, and the event at hand."""
    editor.ready(page, audit)
    editor.act(page)
    with st.container(border=True, key="timeline"):
        days.shown(page, audit, key)
        days.told(page, audit, key)
    waterfall, side = st.columns([7.2, 3.8], gap="small")
    with waterfall, st.container(border=True, height="stretch", key="waterfall"):
        normal.fall(page, audit, key, adjusted)
        normal.told(page, audit, key, adjusted)
    with side, st.container(border=True, height="stretch", key="event-form"):
        events.question(page, audit)
        editor.editor(page, audit)


bench(key)
st.subheader(page.say("ui.context.declared"), anchor=False)
events.declared(page)
events.reserves(page, audit)
events.proposals(page, audit)
st.subheader(page.say("ui.context.table"), anchor=False)
normal.all_figures(page, audit)
