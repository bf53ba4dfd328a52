"""The exports have the columns, encodings and habits of the platforms they imitate."""

import json
from pathlib import Path

import openpyxl
import pandas as pd
from sample_files import Exports

KNOWN = json.loads((Path(__file__).parent / "platform_headers.json").read_text(encoding="utf-8"))
ORDER_FIELDS = (
    "Financial Status",
    "Paid at",
    "Subtotal",
    "Total",
    "Billing Name",
    "Refunded Amount",
    "Id",
    "Delivered at",
)


def test_shopify_columns_are_the_platforms_then_the_apps(exports: Exports) -> None:
    columns = list(exports.orders.columns)
    assert columns[:-4] == KNOWN["shopify_orders"]
    assert columns[-4:] == ["Carrier", "Promised delivery date", "Delivered at", "Test order"]


def test_zendesk_columns_are_the_platforms_then_custom_fields(exports: Exports) -> None:
    columns = list(exports.tickets.columns)
    known = KNOWN["zendesk_tickets_csv_full"]
    assert columns[: len(known)] == known
    assert all(name.rpartition("[")[2] in ("list]", "txt]", "flg]", "int]") for name in columns[len(known) :])


def test_trustpilot_columns_are_the_platforms(exports: Exports) -> None:
    assert list(exports.reviews.columns) == KNOWN["trustpilot_business_export"]


def test_order_fields_stand_on_the_first_line_only(exports: Exports) -> None:
    lines = exports.orders
    first = ~lines["Name"].duplicated()
    assert (lines["Name"] != lines["Name"].shift()).sum() == first.sum()  # an order's lines are contiguous
    assert lines.loc[first, "Total"].ne("").all()
    for column in ORDER_FIELDS:
        assert lines.loc[~first, column].eq("").all(), column
    assert lines["Email"].ne("").all()
    assert lines.groupby("Name").size().between(1, 3).all()
    assert first.sum() == 12_000 < len(lines)


def test_amounts_add_up(exports: Exports) -> None:
    lines = exports.orders
    goods = (
        (lines["Lineitem quantity"].astype(int) * lines["Lineitem price"].astype(float)).groupby(lines["Name"]).sum()
    )
    first = lines[lines["Total"].ne("")].set_index("Name")
    amount = {name: first[name].astype(float) for name in ("Subtotal", "Discount Amount", "Shipping", "Total")}
    assert (goods.loc[first.index] - amount["Discount Amount"] - amount["Subtotal"]).abs().max() < 0.02
    assert (amount["Subtotal"] + amount["Shipping"] - amount["Total"]).abs().max() < 0.02
    assert (first["Refunded Amount"].astype(float) <= amount["Total"] + 0.01).all()


def test_every_kind_of_order_is_there(exports: Exports) -> None:
    first = exports.orders[exports.orders["Total"].ne("")]
    assert {"paid", "refunded", "partially_refunded"} <= set(first["Financial Status"])
    assert first["Cancelled at"].ne("").any()
    assert first["Tags"].eq("test").any()
    assert first["Total"].eq("0.00").any()
    assert {"", "BIENVENUE10", "BLACK25", "SOLDES20"} <= set(first["Discount Code"])
    assert first["Billing Zip"].str.startswith("'").all()
    assert first["Note Attributes"].str.contains("\n").any()
    assert {"+0100", "+0200"} == set(first["Created at"].str[-5:])


def test_noise_is_there_and_marked(exports: Exports) -> None:
    tickets = exports.tickets
    assert {"spam", "closed_by_merge", "auto_reply", "sortant"} <= set(tickets["Tags"])
    merged = tickets[tickets["Tags"].eq("closed_by_merge")]
    assert set(merged["Fusionné dans [int]"]) <= set(tickets["Id"])
    openings = ("Réponse automatique", "Absence du bureau")
    assert tickets.loc[tickets["Tags"].eq("auto_reply"), "Subject"].str.startswith(openings).all()
    assert {"Good", "Bad", "Offered", "Not Offered"} == set(tickets["Satisfaction Score"])
    assert tickets["Requester email"].eq("").any()


def test_survey_files_are_french(exports: Exports) -> None:
    raw = (exports.folder / "enquete_csat.csv").read_bytes()
    assert raw.startswith("Enquête;Parcours;E-mail;N° de commande".encode("cp1252"))
    assert b"\r\n" in raw
    notes = exports.csat.loc[exports.csat["Note"].ne(""), "Note"]
    assert notes.str.fullmatch(r"[1-5],0").all()
    assert exports.csat["Envoyée le"].str.fullmatch(r"\d\d/\d\d/\d{4} \d\d:\d\d").all()
    assert set(exports.journeys["Enquête"]) == {"NPS", "CES"}
    assert set(exports.journeys["Parcours"]) == {"Achat", "Support", "Retour"}
    assert exports.journeys["Répondue le"].eq("").mean() > 0.5


def test_workbooks_have_titles_above_and_a_total_below(exports: Exports) -> None:
    sheet = openpyxl.load_workbook(exports.folder / "gestes_commerciaux.xlsx").active
    assert sheet["A1"].value.startswith("Maison Alba")
    assert sheet["A3"].value == "N° de geste"
    assert sheet.cell(sheet.max_row, 1).value == "TOTAL"
    grid = pd.read_excel(exports.folder / "grille_ecoute.xlsx", header=1)
    assert grid["Note"].between(1, 5).all()
    assert grid["N° de ticket"].astype(str).isin(exports.tickets["Id"]).all()


def test_links_between_files_hold(exports: Exports) -> None:
    names, mails = set(exports.orders["Name"]), set(exports.orders["Email"].str.lower())
    assert set(exports.csat["N° de commande"]) <= names
    assert set(exports.returns["N° de commande"]) <= names
    assert set(exports.mails["E-mail"]) <= mails
    tickets = exports.tickets[exports.tickets["Tags"].ne("spam") & exports.tickets["N° de commande [txt]"].ne("")]
    typed = tickets["N° de commande [txt]"].str.replace(r"[#\s]", "", regex=True).str.upper()
    assert set("#" + typed) <= names
    assert (set(exports.reviews["Reference Id"]) - {""}) <= names
