"""What the data allow: the ledger that adds up, problems worst first, joins, rules, what one more file would open."""

import streamlit as st

from cxaudit.ui import intake, ledger, panel, sample, session, shell

page = shell.open_page("quality")
sample.fetch_rows(page)
held = session.workshop()
exports = held.ingested.exports if held.ingested else held.audit.exports if held.audit else ()
if not exports:
    shell.require_audit(page)

panel.draw(page)
shell.outdated(page)
page.title(ledger.headline(page, exports), intake.ledger(page, exports))
ledger.table(page, exports)
ledger.set_aside(page)
st.subheader(page.say("ui.quality.troubles"), anchor=False)
ledger.draw_troubles(page, ledger.troubles(page, held.audit))
if held.audit:
    ledger.joins(page, held.audit)
    ledger.rules(page, held.audit)
    ledger.more_files(page, held.audit)
