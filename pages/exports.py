"""Drop the exports as they come: questions first, then what was recognised, then the columns of each file."""

import streamlit as st

from cxaudit.ui import columns, intake, sample, session, shell

page = shell.open_page("exports")
sample.fetch_rows(page)
intake.apply_changes(page)
read = session.workshop().ingested
if read is None:
    page.title(page.say("ui.page.exports"), page.say("ui.about.exports"))
    if session.workshop().audit:
        st.markdown(shell.muted(page.say("ui.exports.no_rows")))
    intake.upload(page)
    intake.unreadable(page)
    st.stop()

waiting = sum(1 for question in read.questions if not question.answer)
page.title(intake.headline(page, read.exports, waiting), intake.ledger(page, read.exports))
left, right = st.columns([8, 3], vertical_alignment="bottom")
with right:
    intake.start(page, read.exports, waiting)
with left, st.expander(page.say("ui.exports.more"), key="more-files"):
    intake.upload(page)
intake.unreadable(page)
if read.questions:
    intake.questions(page, read.questions)
st.subheader(page.say("ui.exports.recognised"), anchor=False)
intake.cards(page)
columns.editor(page)
columns.words(page)
