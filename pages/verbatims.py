"""How customers sound, month by month, and the texts behind each month with the words that gave the tone away."""

import streamlit as st

from cxaudit.ui import notebook, panel, reading, sample, shell

page = shell.open_page("verbatims")
sample.fetch_rows(page)
audit = shell.require_audit(page)
panel.draw(page)
name = reading.choose(page)
key = f"tone.{name}.share"
measure = audit.measures.get(key)
if measure is None or measure.value is None:
    page.title(page.say("ui.page.verbatims"), page.say("ui.about.verbatims"))
    notebook.not_computable(page, audit.not_computable.get(key))
    st.stop()

page.title(reading.headline(page, measure), reading.subtitle(page, audit, measure))
reading.own_model(page, audit)
month = reading.by_month(page, audit, measure)
read = reading.verbatims()
if read is None or month is None:
    st.markdown(shell.muted(page.say("ui.verbatims.no_texts")))
    st.stop()

left, right = st.columns([7, 4], gap="medium")
with left:
    reading.of_month(page, read, name, month)
with right:
    reading.since_last_month(page, audit, month)
    reading.trust(page, audit, read)
reading.label(page, read)
notebook.note_of_the_room(page, key)
