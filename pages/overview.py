"""The confrontation: the client's KPIs on the left, what the audit finds on the right, then the five signals."""

import streamlit as st

from cxaudit.findings.headline import headline
from cxaudit.ui import confrontation, panel, shell, unlock
from cxaudit.ui.components import signal_card

page = shell.open_page("overview")
audit = shell.require_audit(page)
panel.draw(page)
page.title(headline(audit.mirages, page.lang), confrontation.subtitle(page, audit))

with st.container(gap="xsmall", key="confrontation"):
    confrontation.headings(page)
    for mirage in confrontation.ranked(audit):
        confrontation.row(page, audit, mirage)

st.subheader(page.say("ui.overview.signals"), anchor=False)
st.markdown(shell.muted(page.say("ui.overview.words")))
with st.grid(5, gap="xsmall", min_column_width=150, key="signals"):
    for key in confrontation.SIGNALS:
        result = audit.measures.get(key) or audit.not_computable.get(key)
        signal_card(page, key, result, audit.context.signals.get(key), audit.compared_apart)

unlock.draw(page, audit)

with st.expander(page.say("ui.overview.as_text"), key="as-text"):
    st.text(confrontation.as_text(page, audit))
