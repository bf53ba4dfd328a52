"""The workbook's first sheet, as it will open and print: the same words and figures, in the report's own language."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from cxaudit import texts
from cxaudit.findings.headline import headline
from cxaudit.report.amounts import interval, shown
from cxaudit.report.sheets.cover import frame
from cxaudit.report.sheets.signals import HEADLINES
from cxaudit.report.wording import measure_name, word
from cxaudit.report.workbook import SHEETS
from cxaudit.schema.results import Audit
from cxaudit.ui.choices import Choice
from cxaudit.ui.shell import Page, literal, muted

_COLUMNS = ("signal", "value", "interval", "verdict")


def draw(page: Page, audit: Audit, choice: Choice) -> None:
    """Logo, title, client, one minute of reading, and the frame of the audit."""
    lang = choice.lang
    st.markdown(f"**{page.say('ui.report.preview')}**")
    with st.container(border=True, gap="small", key="preview"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.subheader(texts.say("report.cover.title", lang), anchor=False)
            if choice.logo:
                st.image(choice.logo, width=140)
        st.text(choice.client or "–")
        if audit.mirages:
            st.markdown(f"**{literal(headline(audit.mirages, lang))}**")
        _minute(audit, lang)
        st.markdown(f"**{texts.say('report.cover.frame', lang)}**")
        lines = [texts.say("report.deck.figure", lang, name=name, value=said) for name, said in frame(audit, lang)]
        st.text("\n".join(lines))
        st.markdown(muted(" · ".join(sheet_names(choice))))


def _minute(audit: Audit, lang: str) -> None:
    titles = [texts.say(f"report.column.{name}", lang) for name in _COLUMNS]
    rows = [_row(audit, key, lang) for key in HEADLINES.values()]
    told = texts.say("report.cover.minute", lang)
    with st.container(key="preview-signals"):
        st.table(pd.DataFrame(rows, columns=titles), border="horizontal", hide_index=True, alt=told)


def _row(audit: Audit, key: str, lang: str) -> tuple[str, ...]:
    measure = audit.measures.get(key)
    if measure is None or measure.value is None:
        return literal(measure_name(key, lang)), "–", "", literal(word("state", "not computable", lang))
    verdict = " · ".join((word("verdict", measure.verdict, lang), *measure.refusals))
    small = (f":small[{literal(said)}]" for said in (interval(measure, lang), verdict))  # fits on a telephone so
    return literal(measure_name(key, lang)), literal(shown(measure, lang)), *small


def sheet_names(choice: Choice) -> list[str]:
    """The tabs of the workbook in their order."""
    keys = [sheet.key for sheet in SHEETS if not sheet.optional or sheet.key in choice.sheets]
    return [texts.say(f"report.sheet.{key}", choice.lang) for key in keys]
