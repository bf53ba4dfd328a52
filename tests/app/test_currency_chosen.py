"""The currency of amounts: chosen in the panel, then beside every amount of the pages."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from conftest import Open, words
from made_audit import made

from cxaudit.schema.results import Audit, Export
from cxaudit.schema.settings import Settings
from cxaudit.ui import audits, session

FRANCS = {"fr": "47\u202f900\u00a0CHF", "en": "CHF\u00a047,900"}


def francs() -> Audit:
    audit = made()
    stakes = {key: replace(one, currency="CHF") for key, one in audit.stakes.items()}
    return replace(audit, stakes=stakes, currency="CHF", currencies={"CHF": 9000, "SEK": 40, "XBT": 2})


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_stakes_are_told_in_the_currency_of_the_audit(open_page: Open, workshop: session.Workshop, lang: str) -> None:
    workshop.audit = francs()
    app = open_page("overview", workshop, lang)
    said = words(app) + "\n".join(str(one.value) for one in app.metric)
    assert FRANCS[lang] in said and "€" not in said
    assert app.number_input(key="minute-cost").label.endswith("(CHF)")


def test_a_currency_is_chosen_from_what_orders_hold_and_a_few_more(
    open_page: Open, workshop: session.Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Settings] = []

    def run(held: session.Workshop, settings: Settings, *_: object) -> Audit:
        asked.append(settings)
        return replace(francs(), settings=settings)

    workshop.ingested, workshop.audit = SimpleNamespace(values={}), replace(francs(), settings=Settings())
    monkeypatch.setattr(audits, "run", run)
    app = open_page("overview", workshop)
    assert app.selectbox(key="currency").options == ["Celle des commandes", "CHF", "SEK", "EUR", "GBP", "USD", "CAD"]
    app.selectbox(key="currency").set_value("SEK")
    app.button(key="apply").click().run()
    assert [settings.currency for settings in asked] == ["SEK"]
    assert "Devise des montants" in "\n".join(part.value for part in app.get_by_key("changed").markdown)
    app.button(key="undo").click().run()
    assert asked[-1].currency == "" and app.selectbox(key="currency").value == ""


def test_the_sums_of_a_file_stand_apart_by_currency(open_page: Open, workshop: session.Workshop) -> None:
    mixed = Export("ventes.csv", "orders", None, {}, 4, 4, 0, totals={"amount": 1450.0})
    said = {"CHF": 1300.0, "EUR": 100.0, "": 50.0}
    workshop.audit = replace(francs(), exports=(replace(mixed, amounts=said), mixed))
    ledger = next(frame.value for frame in open_page("quality", workshop).dataframe if "ventes.csv" in str(frame.value))
    assert list(ledger.iloc[:, -1]) == ["1\u202f300\u00a0CHF + 100\u00a0€ + 50", "1\u202f450"]
