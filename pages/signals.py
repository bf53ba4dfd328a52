"""The five signals, one at a time, each read as a notebook from top to bottom."""

import streamlit as st

from cxaudit.ui import figures, notebook, panel, shell, stories

page = shell.open_page("signals")
audit = shell.require_audit(page)
panel.draw(page)
key = notebook.choose(page, audit)
measure = audit.measures.get(key)
question = figures.measure_text(key, "question", page.lang, page.say("ui.page.signals"))
page.title(question, figures.measure_text(key, "reading", page.lang))

if measure is None or measure.value is None:
    notebook.not_computable(page, audit.not_computable.get(key))
    st.stop()

notebook.headline_cards(page, audit, measure)
notebook.monthly_chart(page, audit, measure)
by_class, reading = st.columns([7, 4], gap="small")
with by_class, st.container(border=True, height="stretch", key="classes"):
    notebook.classes(page, measure)
with reading, st.container(border=True, height="stretch", key="reading"):
    notebook.how_to_read(page, audit, measure)
stories.behind(page, measure)
notebook.note_of_the_room(page, key)
