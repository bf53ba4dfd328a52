"""The traps of real exports, each by its name, on files that a reader can check by eye."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest

from cxaudit.ingest import Ingested, ingest, inspect_sheets
from cxaudit.ingest.sources import read_bytes

SHOPIFY = """Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Currency,Subtotal,Shipping,Total,\
Created at,Lineitem quantity,Lineitem name,Lineitem price,Shipping Country,Cancelled at,Refunded Amount,Id
#1001,lea@example.com,paid,2025-03-01 10:05:00 +0100,fulfilled,2025-03-02 09:00:00 +0100,EUR,90.00,4.90,94.90,\
2025-03-01 10:00:00 +0100,1,Plaid,60.00,FR,,0.00,5001
#1001,lea@example.com,,,,,,,,,2025-03-01 10:00:00 +0100,2,Coussin,15.00,,,,
#1002,TOM@Example.com,refunded,2025-03-03 12:05:00 +0100,fulfilled,2025-03-04 09:00:00 +0100,EUR,40.00,0.00,40.00,\
2025-03-03 12:00:00 +0100,1,Lampe,40.00,BE,,40.00,5002
#1003,lea@example.com,paid,2025-07-03 12:05:00 +0200,unfulfilled,,EUR,20.00,0.00,20.00,\
2025-07-03 12:00:00 +0200,1,Vase,20.00,FR,,0.00,5003
"""


def load(*files: tuple[str, str]) -> Ingested:
    sheets = [sheet for name, text in files for sheet in read_bytes(name, text.encode())]
    found = ingest(sheets)
    for export in found.exports:
        assert export.rows_read == export.rows_kept + export.rows_folded + sum(s.rows for s in export.set_aside)
    return found


def test_line_items_are_folded_and_the_total_is_not_inflated():
    found = load(("orders_export_1.csv", SHOPIFY))
    orders = found.tables["orders"]
    assert orders["order_id"].to_list() == ["#1001", "#1002", "#1003"]
    assert orders["amount"].to_list() == [94.9, 40.0, 20.0]
    assert orders["product"].to_list() == ["Plaid + Coussin", "Lampe", "Vase"]
    export = found.exports[0]
    assert (export.rows_read, export.rows_kept, export.rows_folded) == (4, 3, 1)
    assert export.totals["amount"] == pytest.approx(154.9)
    assert export.platform == "shopify"


def test_a_departure_is_no_delivery():
    orders = load(("orders_export_1.csv", SHOPIFY)).tables["orders"]
    assert "delivered_at" not in orders.columns
    woo = "Commande;Date commande;Email;Total TTC;Expédiée le;Terminée le\n" + "".join(
        f"W{n};0{n}/03/2025;c{n}@example.com;1{n},00;1{n}/03/2025;2{n}/03/2025\n" for n in range(1, 9)
    )
    assert "delivered_at" not in load(("boutique.csv", woo)).tables["orders"].columns


def test_offsets_become_local_time_once():
    orders = load(("orders_export_1.csv", SHOPIFY)).tables["orders"]
    assert orders["ordered_at"].to_list()[::2] == [datetime(2025, 3, 1, 10), datetime(2025, 7, 3, 12)]


def test_one_customer_in_two_letter_cases_is_one():
    orders = load(("orders_export_1.csv", SHOPIFY)).tables["orders"]
    assert orders["customer_email"][1] == "tom@example.com"


def test_unit_price_times_quantity_is_summed_over_the_lines_never_mapped():
    lines = "commande;date;email;produit;quantite;prix_unitaire\n" + "".join(
        f"C{n};0{n}/03/2025;c{n}@example.com;Plaid;2;10,50\nC{n};0{n}/03/2025;c{n}@example.com;Vase;1;4,00\n"
        for n in range(1, 7)
    )
    found = load(("lignes.csv", lines))
    entry = found.entries[0]
    assert "amount" not in entry.mapping
    assert entry.derived["amount"] == {"from": ["quantite", "prix_unitaire"], "rule": "sum_quantity_price"}
    assert found.tables["orders"]["amount"].to_list() == [25.0] * 6
    assert found.exports[0].totals["amount"] == pytest.approx(150.0)


def test_line_totals_are_summed_and_repeated_order_totals_are_not():
    head = "order_number,order_date,email,item,line_total,order_total\n"
    rows = "".join(
        f"{n},2025-03-0{n},c{n}@example.com,A,10.0,25.5\n{n},2025-03-0{n},c{n}@example.com,B,15.5,25.5\n"
        for n in range(1, 7)
    )
    found = load(("lines.csv", head + rows))
    assert found.entries[0].mapping["amount"] == "order_total"
    assert found.tables["orders"]["amount"].sum() == pytest.approx(6 * 25.5)
    only = "\n".join(",".join(line.split(",")[:5]) for line in (head + rows).splitlines())
    found = load(("lines.csv", only))
    assert found.entries[0].derived["amount"]["rule"] == "sum_lines"
    assert found.tables["orders"]["amount"].sum() == pytest.approx(6 * 25.5)


def test_blank_continuation_lines_belong_to_the_order_above():
    text = "Order No,Order date,Email,Total,Item\n" + "".join(
        f"{100 + n},2025-03-0{n},c{n}@example.com,2{n}.00,Plaid\n,,,,Vase\n" for n in range(1, 7)
    )
    found = load(("woo.csv", text))
    assert found.tables["orders"].height == 6
    assert found.tables["orders"]["product"][0] == "Plaid + Vase"
    assert found.exports[0].rows_folded == 6


def test_an_order_without_a_number_gets_one_row_by_row():
    text = "Jour;Mail;Total TTC\n" + "".join(f"0{n}/03/2025;c{n}@example.com;2{n},00 €\n" for n in range(1, 8))
    found = load(("ventes.csv", text))
    assert found.entries[0].derived["order_id"] == {"from": [], "rule": "row_number"}
    assert found.entries[0].derived["currency"] == {"constant": "EUR"}
    assert found.tables["orders"]["order_id"].n_unique() == 7


ZENDESK = (
    "Id,Requester,Requester email,Assignee,Assignee email,Subject,Status,Created at,Updated at,Solved at,\
First reply time in minutes,Satisfaction Score,Reopens,N° de commande [txt]\n"
    + "".join(
        f"{n},Léa Martin,lea{n}@example.com,Inès,ines@shop.example,Colis,Solved,2025-03-0{n} 10:00,2025-03-0{n} 12:00,"
        f"2025-03-0{n} 11:00,{n * 30},{'Good' if n % 2 else 'Bad'},0,#100{n}\n"
        for n in range(1, 8)
    )
)


def test_an_agents_mail_is_not_a_customers():
    entry = load(("tickets.csv", ZENDESK)).entries[0]
    assert entry.mapping["customer_email"] == "Requester email"
    text = "Ticket;Créé le;Motif;Email conseiller\n" + "".join(
        f"T{n};0{n}/03/2025 10:00;Retard;ines@shop.example\n" for n in range(1, 8)
    )
    assert "customer_email" not in load(("sav.csv", text)).entries[0].mapping


def test_minutes_are_added_to_the_moment_they_start_from():
    tickets = load(("tickets.csv", ZENDESK)).tables["tickets"]
    assert tickets["first_reply_at"][1] == datetime(2025, 3, 2, 11, 0)
    assert tickets["csat"].to_list()[:2] == [1.0, 0.0]


@pytest.mark.parametrize(
    ("cell", "kind"), [("2025-03-01 11:30:00", "moment"), ("01:30:00", "duration"), ("1.5", "duration")]
)
def test_first_response_time_is_read_by_its_values(cell: str, kind: str):
    text = "Ticket ID,Created time,Status,Reason,Customer email,First Response Time (in hrs)\n" + "".join(
        f"{n},2025-03-01 10:00:00,Closed,Delay,c{n}@example.com,{cell}\n" for n in range(1, 9)
    )
    found = load(("export.csv", text))
    assert ("first_reply_at" in found.entries[0].mapping) == (kind == "moment")
    assert found.tables["tickets"]["first_reply_at"].to_list() == [datetime(2025, 3, 1, 11, 30)] * 8


def test_trustpilots_reference_is_the_order_and_its_site_the_merchant():
    text = (
        "Domain Url,Webshop Name,Review Id,Review Created (UTC),Review User Email,Review Title,Review Content,\
Review Stars,Source Of Review,Reference Id\n"
        + "".join(
            f"shop.example,Shop,r{n},2025-07-0{n} 08:00:00,c{n}@example.com,Bien,Très bonne expérience vraiment,"
            f"{n % 5 + 1},Invitation,#100{n}\n"
            for n in range(1, 8)
        )
    )
    found = load(("reviews.csv", text))
    entry = found.entries[0]
    assert (entry.mapping["order_id"], entry.derived["source"]) == ("Reference Id", {"constant": "Trustpilot"})
    assert "source" not in entry.mapping
    assert found.tables["reviews"]["created_at"][0] == datetime(2025, 7, 1, 10)


def test_a_day_and_a_clock_are_one_moment():
    text = "Date;Heure;N° ticket;Motif;Email client\n" + "".join(
        f"0{n}/03/2025;1{n}h3{n};T{n};Retard;c{n}@example.com\n" for n in range(1, 9)
    )
    found = load(("sav.csv", text))
    assert found.entries[0].derived["created_at"] == {"from": ["Date", "Heure"], "rule": "date_and_time"}
    assert found.tables["tickets"]["created_at"][0] == datetime(2025, 3, 1, 11, 31)


def test_yes_and_no_in_a_mailing_log_become_moments():
    text = "sent_at,recipient,campaign,opened,clicked,bounced\n" + "".join(
        f"2025-03-0{n} 10:00:00,c{n}@example.com,News,yes,{'yes' if n > 4 else 'no'},no\n" for n in range(1, 9)
    )
    emails = load(("log.csv", text)).tables["emails"]
    assert emails["clicked_at"].null_count() == 4
    assert emails["delivered"].all()
    assert (emails["opened_at"] > emails["sent_at"]).all()


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("Campaign Name,Subject,Send Time,Total Recipients,Unique Opens,Open Rate,Unique Clicks,Click Rate", "klaviyo"),
        ("Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Total Spent,Total Orders,Phone", "shopify"),
        (
            "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LAST_CHANGED,LEID,EUID",
            "mailchimp",
        ),
    ],
)
def test_an_export_that_serves_nothing_says_why_and_what_to_ask_for(header: str, text: str):
    rows = "".join(",".join(f"v{n}{i}" for i in range(header.count(",") + 1)) + "\n" for n in range(5))
    found = load(("export.csv", f"{header}\n{rows}"))
    entry = found.entries[0]
    assert (entry.table, entry.platform) == ("none", text)
    assert any(phrase.key.startswith("decline.") for phrase in entry.why)
    assert [(s.reason, s.rows) for s in found.exports[0].set_aside] == [("set_aside.no_table", 5)]


def test_ids_found_in_another_file_are_that_id():
    orders = "Numéro de commande;Date;Email;Total\n" + "".join(
        f"ZX-{4000 + n};0{n % 9 + 1}/03/2025;c{n}@example.com;2{n},00\n" for n in range(12)
    )
    tickets = "Ticket;Créé le;Motif;xref\n" + "".join(
        f"T{n};0{n % 9 + 1}/03/2025 10:00;Retard;zx-{4000 + n}\n" for n in range(12)
    )
    alone = load(("sav.csv", tickets))
    assert "order_id" not in alone.entries[0].mapping
    together = load(("commandes.csv", orders), ("sav.csv", tickets))
    assert together.entries[1].mapping["order_id"] == "xref"


def test_a_file_without_names_is_mapped_by_its_values_alone():
    rows = "".join(
        f"lea{n}@example.com;0{n % 9 + 1}/03/2025 10:0{n % 10};{n % 5 + 1};Une très bonne expérience d'achat {n}\n"
        for n in range(1, 30)
    )
    entry = inspect_sheets(read_bytes("x.csv", rows.encode()))[0]
    assert entry.header_row == 0
    assert entry.table == "reviews"
    assert entry.mapping == {
        "text": "column 4",
        "rating": "column 3",
        "created_at": "column 2",
        "customer_email": "column 1",
    }


def test_a_header_inside_the_file_and_a_row_without_a_date_are_set_aside_with_their_reason():
    text = "Commande;Date;Email;Total\n" + "".join(f"C{n};0{n}/03/2025;c{n}@example.com;1{n},00\n" for n in range(1, 9))
    text += "Commande;Date;Email;Total\nC9;;c9@example.com;12,00\nC10;bientôt;c10@example.com;12,00\n"
    found = load(("commandes.csv", text))
    reasons = found.set_aside.select("line", "column", "value", "reason").rows()
    assert (10, None, "Commande", "set_aside.repeated_header") in reasons
    assert (11, "Date", None, "set_aside.required_empty") in reasons
    assert (12, "Date", "bientôt", "set_aside.not_a_date") in reasons
    assert found.exports[0].rows_kept == 8


def test_a_cell_that_cannot_be_read_is_empty_and_counted_its_row_kept():
    text = "Commande;Date;Email;Total;Livré le\n" + "".join(
        f"C{n};0{n}/03/2025;c{n}@example.com;{'gratuit' if n == 3 else f'1{n},00'};0{n}/04/2025\n" for n in range(1, 9)
    )
    found = load(("commandes.csv", text))
    assert found.exports[0].rows_kept == 8
    assert found.tables["orders"]["amount"].null_count() == 1
    assert [(p.column, p.rows, p.example, p.line) for p in found.problems] == [("Total", 1, "gratuit", 4)]


def test_surveys_know_their_kind_and_scale():
    text = "Date envoi;Date réponse;Email;De 0 à 10, recommanderiez-vous notre boutique ?;Un commentaire ?\n"
    text += "".join(
        f"0{n}/03/2025;1{n}/03/2025;c{n}@example.com;{n};Un avis assez long numéro {n}\n" for n in range(1, 9)
    )
    found = load(("enquete.csv", text))
    surveys = found.tables["surveys"]
    assert surveys["kind"].unique().to_list() == ["nps"]
    assert surveys["scale"].unique().to_list() == ["0-10"]
    assert found.entries[0].mapping["comment"] == "Un commentaire ?"


def test_an_opinion_survey_without_a_score_is_declined():
    text = "Horodateur;Quel est votre âge ?;Comment avez-vous connu la marque ?;Que pensez-vous de la collection ?\n"
    text += "".join(
        f"0{n % 9 + 1}/03/2025 10:00;{20 + n} ans;Par un ami;Plutôt une belle collection {n}\n" for n in range(20)
    )
    entry = inspect_sheets(read_bytes("etude.csv", text.encode()))[0]
    assert entry.table == "none"
    assert any(phrase.key == "decline.opinion" for phrase in entry.why)


def test_nothing_is_dropped_from_an_empty_optional_column():
    text = "Commande;Date;Email;Total;Annulée le\n" + "".join(
        f"C{n};0{n}/03/2025;c{n}@example.com;1{n},00;\n" for n in range(1, 9)
    )
    orders = load(("commandes.csv", text)).tables["orders"]
    assert orders.schema["cancelled_at"] == pl.Datetime("us")


def test_a_survey_sent_twice_for_one_ticket_is_one_even_before_any_answer():
    text = "kind;sent_at;ticket_id\n" + "".join(f"csat;0{1 + n % 9}/03/2025 10:00;T{n % 6}\n" for n in range(12))
    found = ingest(read_bytes("enquetes.csv", text.encode()))
    (export,) = found.exports
    assert (export.table, export.rows_read, export.rows_kept, export.rows_folded) == ("surveys", 12, 6, 6)


def made_orders(**columns: str) -> str:
    """Forty orders with the columns given besides, whose values take turns."""
    names = ["N° commande", "Date commande", "Email", "Total TTC", *columns]
    taken = [values.split("/") for values in columns.values()]
    rows = (
        [f"C{n}", f"{n % 28 + 1:02}/03/2025", f"c{n}@example.com", f"1{n},50", *(one[n % len(one)] for one in taken)]
        for n in range(40)
    )
    return "\n".join(map(";".join, [names, *rows]))


@pytest.mark.parametrize(
    ("columns", "carrier"),
    [
        ({"Transporteur": "DPD/GLS", "Mode de livraison": "Domicile/Point relais"}, "Transporteur"),
        ({"Mode de livraison": "DPD domicile/Colissimo/Retrait magasin"}, "Mode de livraison"),
        ({"Mode de livraison": "Domicile/Point relais/Livraison express"}, None),
        ({"N° de suivi transporteur": "/".join(f"6A{n}7{n}" for n in range(10, 50))}, None),
        ({"Code transporteur": "1/2/3"}, None),
        ({"Société (livraison)": "/".join(["", "", "", *(f"Atelier {n}" for n in range(9))])}, None),
    ],
)
def test_a_carrier_is_a_firm_no_manner_number_or_address(columns: dict[str, str], carrier: str | None):
    (entry,) = inspect_sheets(read_bytes("commandes.csv", made_orders(**columns).encode()))
    assert (entry.table, entry.mapping.get("carrier")) == ("orders", carrier)


METHODS = ("DPD domicile", "", "Standard", "DPD domicile")


def test_shopifys_shipping_method_is_the_carrier_unless_another_column_says_it():
    lines = SHOPIFY.splitlines()
    head = [f"{lines[0]},Shipping Method", *(f"{line},{one}" for line, one in zip(lines[1:], METHODS, strict=True))]
    orders = load(("orders_export_1.csv", "\n".join(head))).tables["orders"]
    assert orders["carrier"].to_list() == ["DPD domicile", "Standard", "DPD domicile"]  # the first line's, folded
    plain = [
        f"{head[0]},Carrier",
        *(f"{line},{one}" for line, one in zip(head[1:], ("GLS", "", "UPS", "GLS"), strict=True)),
    ]
    assert load(("o.csv", "\n".join(plain))).tables["orders"]["carrier"].to_list() == ["GLS", "UPS", "GLS"]
