"""What people on the phone and in the tickets know: irritants, remarks, listening, promises, hand-overs."""

import streamlit as st

from cxaudit.ui import notebook, panel, shell, together

page = shell.open_page("field")
audit = shell.require_audit(page)
panel.draw(page)
found = audit.field_work
if found.irritants:
    page.title(
        page.say("ui.field.title", label=found.irritants[0].label, n=found.irritants[0].tickets),
        page.say("ui.field.subtitle"),
    )
else:
    page.title(page.say("ui.page.field"), page.say("ui.about.field"))

st.subheader(page.say("ui.field.irritants"), anchor=False)
if found.irritants:
    together.irritants(page, found.irritants)
else:
    st.markdown(shell.muted(page.say("ui.field.no_irritants")))
if found.remarks:
    st.subheader(page.say("ui.field.remarks"), anchor=False)
    together.remarks(page, found.remarks)
if found.criteria:
    with st.container(border=True, key="criteria-card"):
        together.criteria(page, found.criteria)
together.board(page, audit, together.FIELD)
notebook.note_of_the_room(page, "field")
