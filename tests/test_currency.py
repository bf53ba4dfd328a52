"""One currency an audit: what orders say, what settings choose, and what is never added up. Worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from handmade import at, frame, measured, order, ticket

from cxaudit import run_audit, texts
from cxaudit.audit import Brief, prepare_audit
from cxaudit.audit_file import Saved, reopen, save
from cxaudit.findings.stakes import LOST, stakes
from cxaudit.ingest import ingest_paths
from cxaudit.json_record import audit_json
from cxaudit.measure.valued import value_bands
from cxaudit.prepare import Prepared
from cxaudit.schema.results import Audit, Measure
from cxaudit.schema.settings import Settings, read_settings
from cxaudit.signals import gestures as granted
from cxaudit.signals import repurchase

AS_OF = at(200).date()
HARD, NARROW = "\u00a0", "\u202f"


def orders(*said: tuple[float, str | None]) -> dict[str, pl.DataFrame]:
    """An order a customer, a day apart: its amount and the currency it says."""
    rows = [order(f"o{n}", n, f"c{n}", amount, currency=word) for n, (amount, word) in enumerate(said)]
    return {"orders": frame(rows)}


def prepared(tables: dict[str, pl.DataFrame], currency: str = "") -> Prepared:
    return prepare_audit(tables, Brief(Settings(as_of=AS_OF, currency=currency)))


def audited(tables: dict[str, pl.DataFrame], currency: str = "", **more: Any) -> Audit:
    return run_audit(tables, Settings(as_of=AS_OF, currency=currency, **more))


def amounts(found: Prepared) -> list[float | None]:
    kept: list[float | None] = found.tables["orders"].collect("polars").to_native().sort("t")["amount"].to_list()
    return kept


# ---- which currency --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "chosen", "currency", "counted"),
    [
        (["CHF", "chf", "Fr."], "", "CHF", 3),
        (["CHF", "CHF", "CHF"], "EUR", "CHF", 3),  # what orders say goes before what is chosen
        ([None, None, None], "", "EUR", 3),
        ([None, None, None], "chf", "CHF", 3),
        (["CHF", "CHF", None], "", "CHF", 3),  # the silent one is in what the others say
        (["CHF", None, None], "", "CHF", 1),  # but not where only a few say so
        (["USD", None, None], "EUR", "EUR", 2),  # or in what a person says
        (["EUR", "£", "gbp"], "", "GBP", 2),
        (["EUR", "£", "gbp"], "EUR", "EUR", 1),
        (["EUR", "GBP", None], "", "EUR", 1),  # a tie is settled by the alphabet; the silent one could be either
        (["EUR", "GBP", None], "GBP", "GBP", 2),
        (["XBT", "XBT", "EUR"], "", "EUR", 1),
        (["XBT", "XBT", "XBT"], "", "EUR", 0),  # what nobody knows is not called euros
    ],
)
def test_the_currency_is_one_that_orders_say(said: list[str | None], chosen: str, currency: str, counted: int) -> None:
    found = prepared(orders(*((10.0, word) for word in said)), chosen)
    assert found.money.currency == currency
    assert sum(amount is not None for amount in amounts(found)) == counted


def test_orders_that_do_not_count_have_no_say() -> None:
    said = orders((10.0, "EUR"), (10.0, "GBP"), (0.0, "GBP"), (0.0, "GBP"))
    assert prepared(said).money.held == {"EUR": 1, "GBP": 1}


def test_a_column_without_a_value_is_no_column() -> None:
    empty = orders((10.0, None), (20.0, " "))
    assert prepared(empty, "CHF").money.currency == "CHF"
    assert amounts(prepared(empty, "CHF")) == [10.0, 20.0] and not prepared(empty).money.others


# ---- what is never added or compared ---------------------------------------------------------------------------------


def test_value_thirds_are_of_one_currency() -> None:
    """Over all amounts as if they were one, 10, 20 and 30 euros would all stand in the lowest third."""
    mixed = orders((10.0, "EUR"), (20.0, "EUR"), (30.0, "EUR"), (1000.0, "HUF"), (2000.0, "HUF"))
    bands = value_bands(prepared(mixed).tables).to_native().sort("t")["band"].to_list()
    assert bands == [0, 1, 2, -1, -1]
    assert value_bands(prepared(orders(*((a, "EUR") for a in (10.0, 20.0, 30.0, 1000.0, 2000.0)))).tables).to_native()[
        "band"
    ].to_list()[:2] == [0, 0]


def complaining() -> dict[str, pl.DataFrame]:
    """Four complainers, two a currency: each buys again after ten days, but for one; and two who never complain."""
    said = {"a": "EUR", "b": "EUR", "c": "GBP", "d": "GBP", "e": "EUR", "f": "EUR"}
    bought = {"a": 40.0, "b": 60.0, "c": 5000.0}
    first = [order(f"{name}1", 0, name, 50.0, currency=word) for name, word in said.items()]
    again = [order(f"{name}2", 10, name, amount, currency=said[name]) for name, amount in bought.items()]
    return {
        "orders": frame(first + again),
        "tickets": frame([ticket(1, f"{n}1", n, is_complaint=True) for n in "abcd"]),
    }


def test_the_basket_and_those_who_fill_it_are_of_one_currency() -> None:
    found = prepared(complaining())
    figures = {one.key: one for one in repurchase.SIGNAL(found.tables, found.under) if isinstance(one, Measure)}
    gap = figures["repurchase.gap.90d"]
    assert (gap.facts["mature"], gap.facts["priced"], gap.facts["basket"], gap.facts["baskets"]) == (4, 2, 50.0, 2)
    assert figures["repurchase.complainers.90d"].numerator == 3  # an order counts in any currency
    # Three of four bought again, none of two others: −75 points × 2 complainers × 50, not × 4 × 1 700.
    assert gap.value == 0.75
    stake = stakes(found.tables, figures, Settings(), "EUR")[LOST]
    assert (stake.value, stake.currency) == (-75.0, "EUR")


def given(*rows: tuple[str, str | None, float]) -> pl.DataFrame:
    return frame(
        [
            {"granted_at": at(20), "customer_id": who, "order_id": number, "cost": cost, "kind": "voucher"}
            for who, number, cost in rows
        ]
    )


def test_a_gesture_costs_in_the_currency_of_its_order() -> None:
    """A euro order's, a pound order's, two by their customer alone, one of a customer who never bought."""
    tables = orders((50.0, "EUR"), (50.0, "EUR"), (50.0, "GBP"))
    tables["gestures"] = given(
        ("c0", "o0", 10.0), ("c2", "o2", 20.0), ("c0", None, 7.0), ("c2", None, 5.0), ("x", None, 3.0)
    )
    total = measured(granted.SIGNAL, tables, 200)["gesture.cost.total"]
    assert (total.value, total.denominator) == (20.0, 3)  # type: ignore[union-attr]
    assert prepared(tables).money.gestures == 2
    pounds = measured(granted.SIGNAL, tables, 200, Settings(currency="GBP"))["gesture.cost.total"]
    assert pounds.value == 20.0 + 5.0 + 3.0  # type: ignore[union-attr]


def granted_in(*rows: tuple[str | None, str | None, float]) -> pl.DataFrame:
    """Gestures by their order, the currency of their own row, and their cost."""
    return frame(
        [
            {"granted_at": at(20), "customer_id": f"g{n}", "order_id": number, "currency": word, "cost": cost}
            for n, (number, word, cost) in enumerate(rows)
        ]
    )


def test_what_a_gesture_says_goes_before_what_its_order_says() -> None:
    """Euros and pounds of their own, an order's pounds, nothing, what nobody knows."""
    tables = orders((50.0, "EUR"), (50.0, "EUR"), (50.0, "GBP"))
    tables["gestures"] = granted_in(
        ("o2", "€", 1.0), ("o0", "gbp", 2.0), ("o2", None, 4.0), (None, None, 8.0), ("o1", "XBT", 16.0)
    )
    found = prepared(tables)
    kept = found.tables["gestures"].collect("polars").to_native()
    assert kept["cost"].to_list() == [1.0, None, None, 8.0, None]
    assert kept["own_cost"].to_list() == [1.0, 2.0, 4.0, 8.0, 16.0]
    assert found.money.gestures == 3
    pounds = prepared(tables, "GBP").tables["gestures"].collect("polars").to_native()
    assert pounds["cost"].to_list() == [None, 2.0, 4.0, 8.0, None]
    assert measured(granted.SIGNAL, tables, 200)["gesture.cost.total"].value == 9.0  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("bought", "given", "chosen", "currency", "left_out", "assumed"),
    [
        ([None, None], ["CHF", "CHF", None], "", "CHF", 0, False),  # silent orders are in what the gestures say
        ([None, None], ["CHF", None, None], "", "EUR", 1, True),  # but not where only a few say so
        ([None, None], ["CHF", "GBP"], "", "EUR", 2, True),
        ([None, None], ["XBT", "XBT"], "", "EUR", 2, True),
        ([None, None], ["CHF", "CHF"], "GBP", "GBP", 2, False),  # nor against what a person says
        (["EUR", None], ["CHF", "CHF"], "", "EUR", 2, False),
        ([], ["CHF", "CHF", "EUR", None], "", "CHF", 1, False),  # without orders gestures decide alone
        ([], ["CHF", "CHF", "EUR"], "€", "EUR", 2, False),
        ([], [None, None], "", "EUR", 0, False),
    ],
)
def test_gestures_say_the_currency_where_no_order_does(
    bought: list[str | None], given: list[str | None], chosen: str, currency: str, left_out: int, assumed: bool
) -> None:
    tables = orders(*((10.0, word) for word in bought)) if bought else {}
    tables["gestures"] = granted_in(*((None, word, 5.0) for word in given))
    money = prepared(tables, chosen).money
    assert (money.currency, money.gestures, money.assumed) == (currency, left_out, assumed)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            1,
            (
                "1 geste est dans une autre devise que EUR, d’après sa ligne ou d’après sa commande",
                "1 gesture is in another",
            ),
        ),
        (
            2,
            (
                "2 gestes sont dans une autre devise que EUR, d’après leur ligne ou d’après leur commande",
                "2 gestures are in",
            ),
        ),
    ],
)
def test_gestures_left_out_are_said(rows: int, said: tuple[str, str]) -> None:
    tables = orders((50.0, "EUR"))
    tables["gestures"] = granted_in(*((None, "CHF", 5.0) for _ in range(rows)), ("o0", None, 5.0))
    warning = next(one for one in audited(tables).warnings if one.key == "warning.currency.gestures")
    for lang, start in zip(texts.LANGUAGES, said, strict=True):
        assert texts.say(warning, lang).startswith(start)


def test_rules_compare_within_an_order_whatever_its_currency() -> None:
    rows = [
        order("a", 0, "c", 50.0, currency="EUR", refunded_amount=50.0),
        order("b", 1, "d", 30.0, currency="EUR", refunded_amount=None),
        order("c", 2, "e", 80.0, currency="GBP", refunded_amount=80.0),
        order("d", 3, "f", 90.0, currency="GBP", refunded_amount=10.0),
        order("e", 4, "g", 0.0, currency="GBP", refunded_amount=None),
    ]
    found = prepared({"orders": frame(rows)}, "EUR").tables
    assert (found.rules["refunded"], found.rules["zero_amount"]) == (2, 1)
    kept = found["orders"].collect("polars").to_native().sort("t")
    assert kept["eligible"].to_list() == [True, True, True, True, False]
    assert kept["own_amount"].to_list() == [50.0, 30.0, 80.0, 90.0, 0.0]


# ---- what is said ----------------------------------------------------------------------------------------------------


def test_what_is_left_out_is_said() -> None:
    mixed = orders((10.0, "CHF"), (20.0, "CHF"), (30.0, "CHF"), (40.0, "EUR"), (50.0, "XBT"), (60.0, None))
    audit = audited(mixed)
    assert audit.currency == "CHF" and audit.currencies == {"CHF": 3, "": 1, "EUR": 1, "XBT": 1}
    told = [one for one in audit.warnings if one.key.startswith("warning.currency.")]
    french, english = ([texts.say(one, lang) for one in told] for lang in texts.LANGUAGES)
    assert french[0].startswith("2 commandes sont dans une autre devise (EUR et XBT) que l’audit, qui est en CHF.")
    assert french[1].startswith("1 commande ne dit pas sa devise, et rien n’établit que ce soit CHF.")
    assert english[0].startswith("2 orders are in another currency (EUR and XBT) than the audit, which is in CHF.")
    assert english[1].startswith("1 order does not say the currency, and nothing establishes that it is CHF.")


def test_a_currency_that_nothing_says_is_said_to_be_assumed() -> None:
    silent = orders((10.0, None), (20.0, None))

    def said(found: Prepared) -> list[str]:
        return [texts.say(one, "fr") for one in found.money.warnings()]

    assert said(prepared(silent)) == [
        f"Aucune commande ne dit sa devise{NARROW}: les montants sont donnés en euros. "
        "Une autre devise se choisit dans les réglages."
    ]
    assert not said(prepared(silent, "EUR")) and not said(prepared(orders((10.0, "EUR"), (20.0, None))))


def test_amounts_bear_the_currency_in_the_record_and_in_words() -> None:
    tables = {**complaining(), "gestures": given(("a", "a1", 1234.0))}
    francs = {**tables, "orders": tables["orders"].with_columns(currency=pl.lit("fr."))}
    audit = audited(francs, minute_cost=1.0)
    cost, stake = audit.measures["gesture.cost.total"], audit.stakes[LOST]
    assert (cost.unit, cost.currency, cost.shown_unit, stake.currency) == ("eur", "CHF", "CHF", "CHF")
    plain = json.loads(json.dumps(audit_json(audit, "fr"), allow_nan=False))
    assert (plain["currency"], plain["currencies"], plain["stakes"][LOST]["currency"]) == ("CHF", {"CHF": 9}, "CHF")
    assert plain["measures"]["gesture.cost.total"] | {"unit": "eur", "currency": "CHF"} == plain["measures"][cost.key]
    assert "currency" not in plain["measures"]["recontact.orders.30d"]
    assert audited(tables | {"orders": tables["orders"].drop("currency")}, "CHF").measures[cost.key].currency == "CHF"


@pytest.mark.parametrize(
    ("currency", "fr", "en"),
    [
        ("EUR", f"1{NARROW}234{HARD}€", "€1,234"),
        ("CHF", f"1{NARROW}234{HARD}CHF", f"CHF{HARD}1,234"),
        ("GBP", f"1{NARROW}234{HARD}£", "£1,234"),
    ],
)
def test_an_amount_in_french_and_in_english(currency: str, fr: str, en: str) -> None:
    assert (texts.money(1234.4, "fr", currency), texts.money(1234.4, "en", currency)) == (fr, en)
    facts = {"high": 1234.0, "currency": currency, "verdict": "verdict.not demonstrated"}
    told = texts.say("word.stake.doubtful", "fr", low=-5.0, **facts)
    assert told == f"entre {texts.money(-5, 'fr', currency)} et {fr} (non démontré)"
    assert texts.say("word.stake.doubtful", "en", low=0.0, **facts).endswith(f"and {en} (not demonstrated)")


# ---- from a file -----------------------------------------------------------------------------------------------------


def test_a_file_tells_its_sums_apart(tmp_path: Path) -> None:
    lines = ["Order ID;Order date;Customer email;Total;Currency"]
    lines += [f"A{n};2026-01-{n + 1:02};c{n}@exemple.ch;{10 * (n + 1)},00;{'chf' if n % 3 else '€'}" for n in range(9)]
    (tmp_path / "commandes.csv").write_text("\n".join(lines), "utf-8")
    found = ingest_paths([tmp_path])
    export = found.exports[0]
    assert export.amounts == {"CHF": 330.0, "EUR": 120.0} and export.totals["amount"] == 450.0
    audit = run_audit(found.tables, exports=found.exports)
    assert (audit.currency, audit.currencies) == ("CHF", {"CHF": 6, "EUR": 3})


def test_amounts_bear_their_own_currency(tmp_path: Path) -> None:
    """No column of currencies: each amount bears its sign or its code."""
    written = ["12,50 €", "€ 20", "30 EUR", "£45.00", "CHF 1'200.50", "8 £"]
    lines = ["Order ID;Order date;Customer email;Total"]
    lines += [f"A{n};2026-01-{n + 1:02};c{n}@exemple.fr;{amount}" for n, amount in enumerate(written)]
    (tmp_path / "ventes.csv").write_text("\n".join(lines), "utf-8")
    found = ingest_paths([tmp_path])
    assert found.entries[0].derived["currency"] == {"from": ["Total"], "rule": "beside_amount"}
    assert found.exports[0].amounts == {"CHF": 1200.5, "EUR": 62.5, "GBP": 53.0}
    audit = run_audit(found.tables, exports=found.exports)
    assert (audit.currency, audit.currencies) == ("EUR", {"EUR": 3, "GBP": 2, "CHF": 1})


@pytest.mark.parametrize(
    ("head", "costs", "told"),
    [
        ("Montant;Devise", ("12,50;EUR", "20;CHF"), {"mapping": "Devise"}),
        ("Amount;Currency", ("12,50;EUR", "20;CHF"), {"mapping": "Currency"}),
        ("Montant", ("12,50 €", "20 CHF"), {"from": ["Montant"], "rule": "beside_amount"}),
        ("Montant (CHF)", ("12,50", "20"), {"constant": "CHF"}),
        ("Montant", ("12,50", "20"), None),
    ],
)
def test_a_file_of_gestures_tells_its_currency_as_one_of_orders_does(
    tmp_path: Path, head: str, costs: tuple[str, str], told: dict[str, Any] | None
) -> None:
    lines = [f"Date du geste;E-mail client;N° commande;Type de geste;{head}"]
    lines += [
        f"{n % 28 + 1:02}/03/2026;c{n}@exemple.ch;C{n};{('Bon d’achat', 'Remise')[n % 2]};{costs[n % 2]}"
        for n in range(20)
    ]
    (tmp_path / "gestes.csv").write_text("\n".join(lines), "utf-8")
    found = ingest_paths([tmp_path])
    (entry,) = found.entries
    assert entry.table == "gestures" and entry.mapping["cost"] == head.partition(";")[0]
    assert entry.derived.get("currency", {"mapping": entry.mapping.get("currency")}) == (told or {"mapping": None})
    assert found.tables["gestures"]["cost"].to_list() == [12.5, 20.0] * 10


def test_swiss_amounts_are_recognised_and_are_no_minus(tmp_path: Path) -> None:
    """1 200 + 99 + 45, ten times over; the codes beside a third of them are not the column's."""
    lines = ["Commande;Date;E-mail;Montant"]
    amounts = ("1'200.–", "CHF 99.–", "45.-") * 10
    lines += [f"A{n};{n % 28 + 1:02}/03/2026;c{n}@exemple.ch;{amount}" for n, amount in enumerate(amounts)]
    (tmp_path / "ventes.csv").write_text("\n".join(lines), "utf-8")
    found = ingest_paths([tmp_path])
    assert found.entries[0].mapping["amount"] == "Montant"
    assert found.exports[0].totals["amount"] == 13_440.0 and not found.problems


def test_a_setting_is_a_code_a_sign_or_a_name() -> None:
    assert prepared(orders((1.0, None)), read_settings("currency = '£'").currency).money.currency == "GBP"


def test_a_saved_audit_keeps_its_currency_and_what_it_left_out() -> None:
    settings = Settings(as_of=AS_OF)
    audit = run_audit(orders((10.0, "CHF"), (20.0, "chf"), (30.0, "EUR")), settings)
    opened = reopen(save(Saved(audit, settings))).audit
    assert (opened.currency, opened.currencies, opened.warnings) == ("CHF", {"CHF": 2, "EUR": 1}, audit.warnings)
