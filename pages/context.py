"""What the declared events explain of each figure, what remains, and the days that ask for a name."""

from dataclasses import replace

import streamlit as st

from cxaudit.ui import compared, days, editor, events, moved, normal, panel, shell

page = shell.open_page("context")
given = shell.require_audit(page)
changed = panel.draw(page, tells_itself=True)
# Drawn anew with the figures, and replaced rather than added to.
page = replace(page, head=page.head.empty())


@st.fragment
def bench() -> None:
    """All that follows an event, a figure or two periods: the frame and the side panel stay as they are."""
    with st.container():  # a bar that comes and goes leaves what follows in its place, and a button its focus
        events.confirmed(page)
        editor.act(page)
    if changed is not None:
        moved.box(page, changed)
    audit = compared.choose(page, shell.as_seen(page, given))
    key = normal.choose(page, audit)
    if key is None:
        page.title(page.say("ui.context.none"), normal.uncompared(page, audit))
        return
    adjusted = audit.context.signals.get(key)
    page.title(normal.headline(page, audit, key), normal.subtitle(page, audit, key))
    editor.ready(page, audit)
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
    st.subheader(page.say("ui.context.declared"), anchor=False)
    events.declared(page)
    events.reserves(page, audit)
    events.proposals(page, audit)
    st.subheader(page.say("ui.context.table"), anchor=False)
    normal.all_figures(page, audit)


bench()
