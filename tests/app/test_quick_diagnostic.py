"""The quick diagnostic: what each missing export would give, its template at hand; and opening hours from the panel."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from conftest import Open, words
from made_audit import made

from cxaudit import texts
from cxaudit.schema.results import NotComputable, Phrase
from cxaudit.schema.settings import OpeningHours, Settings
from cxaudit.ui import audits
from cxaudit.ui.session import Workshop
from cxaudit.ui.unlock import Unlocks, by_table

WHY = Phrase.of("ui.empty")


def lacking(**missing: tuple[str, ...]) -> dict[str, NotComputable]:
    return {key: NotComputable(key, columns, WHY) for key, columns in missing.items()}


def test_a_figure_counts_for_the_export_that_alone_would_give_it() -> None:
    audit = replace(
        made(),
        not_computable=lacking(
            a=("emails.clicked_at",),
            b=("emails.clicked_at", "emails.delivered"),
            c=("emails.clicked_at", "surveys.score"),
            d=("tickets.agent",),  # given, but for a column
            e=(),
        ),
    )
    assert by_table(audit) == {"emails": Unlocks(("a", "b"), ("c",)), "surveys": Unlocks((), ("c",))}


@pytest.mark.parametrize("lang", texts.LANGUAGES)
def test_the_overview_offers_the_template_of_a_missing_export(open_page: Open, workshop: Workshop, lang: str) -> None:
    app = open_page("overview", workshop, lang)
    card = app.get_by_key("unlock-emails")
    assert texts.say("ui.overview.more_files", lang) in words(app)
    assert texts.say("measure.silence.customers.90d.name", lang) in card.markdown[1].value
    assert [button.key for button in card.get("download_button")] == ["template-emails"]


def test_nothing_is_offered_where_nothing_is_missing(open_page: Open, workshop: Workshop) -> None:
    workshop.audit = replace(made(), not_computable={})
    assert texts.say("ui.overview.more_files", "fr") not in words(open_page("overview", workshop))


def test_opening_hours_are_set_from_the_panel_and_undone(
    open_page: Open, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Figures follow the hours through the whole audit, which has no rows here: its run is recorded instead."""
    asked: list[Settings] = []
    workshop.ingested = SimpleNamespace(values={})
    monkeypatch.setattr(audits, "run", lambda held, settings, *_: asked.append(settings) or made())
    app = open_page("overview", workshop)
    app.toggle(key="hours-only").set_value(True)
    app.number_input(key="hours-opens").set_value(8)
    app.number_input(key="hours-closes").set_value(20)
    app.button_group(key="hours-days").set_value([6, 1, 2])
    app.button(key="apply").click().run()
    wanted = OpeningHours(True, 8, 20, (1, 2, 6))
    assert [settings.opening_hours for settings in asked] == [wanted]
    assert app.session_state["workshop"].settings.opening_hours == wanted
    app.button(key="undo").click().run()
    assert asked[-1].opening_hours == OpeningHours() == app.session_state["workshop"].settings.opening_hours


def test_hours_without_an_open_one_keep_the_former(open_page: Open, workshop: Workshop) -> None:
    app = open_page("overview", workshop)
    app.number_input(key="hours-closes").set_value(9)
    app.button_group(key="hours-days").set_value([])
    app.button(key="apply").click().run()
    assert app.session_state["workshop"].settings.opening_hours == OpeningHours()
    hours = OpeningHours()
    assert [app.number_input(key=f"hours-{name}").value for name in ("opens", "closes")] == [hours.opens, hours.closes]
