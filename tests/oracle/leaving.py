"""A brand with small groups and personal data in every column, and what somebody curious could tell of what leaves.

Nobody of the analyst's knowledge is assumed but arithmetic: a total less what is shown of it is what is hidden.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl

Rows = list[dict[str, Any]]
ORIGIN = datetime(2026, 1, 5, 9)
FEWEST = 5

# Reason → (orders, customers) with a first ticket of it; orders beyond one each are of the first of them. Two reasons
# are of few people, though one has many orders; one has a customer who writes more than all others together.
REASONS = {"Livraison": (38, 16), "Produit": (14, 14), "Rarissime": (9, 2), "Solitaire": (3, 3), "Facture": (7, 7)}
SMALL = ("Rarissime", "Solitaire")
SILENT = 6  # customers who order, are written to, and never answer
AGENTS = ("Zebulon Carabistouille", "Radegonde Tournemine", "agent.trois@maison-interne.example")


def person(number: int) -> dict[str, str]:
    """Somebody whose every trait is seen nowhere else; names are made of syllables, no language knows them."""
    first, second = ("babe", "cadu", "defo", "gami", "holu")[number % 5], ("nivo", "puro", "reza", "sity")[number % 4]
    name = f"{first.capitalize()}{chr(97 + number % 26)}x {second.capitalize()}{chr(97 + number // 2 % 26)}z{number}q"
    local = name.lower().replace(" ", ".")
    return {
        "name": name,
        "email": f"{local}@prive-courriel.example",
        "id": f"CLI77{number:04d}",
        "phone": f"06 4{number % 10} {number % 90 + 10} 53 {number % 80 + 10}",
        "iban": f"FR76 3000 6000 01{number % 90 + 10:02d} 3456 7890 189",
        "card": f"4970 1012 34{number % 90 + 10:02d} 7890",
        "street": f"{number + 100} rue des Glycines",
    }


def said(of: Mapping[str, str], order: str) -> str:
    return (
        f"Je m'appelle {of['name']}, {of['email']}, tel {of['phone']}, IBAN {of['iban']}, carte {of['card']}, "
        f"j'habite {of['street']}, Lyon. Ma commande {order} n'est pas arrivée, c'est inadmissible, je suis furieux.\n"
        f"Cordialement,\n{of['name']}"
    )


def when(days: float) -> str:
    return (ORIGIN + timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S")


def brand() -> dict[str, Rows]:
    """All tables; each customer has orders of one reason alone."""
    tables: dict[str, Rows] = {name: [] for name in ("orders", "tickets", "reviews", "surveys", "gestures", "emails")}
    tables |= {name: [] for name in ("returns", "calls", "listening", "agent_feedback")}
    first = number = 0
    for reason, (orders, customers) in REASONS.items():
        for place in range(orders):
            _order(tables, number, person(first + (place if place < customers else 0)), reason)
            number += 1
        first += customers
    for number in range(first, first + SILENT):
        order = {"order_id": f"CMD9{number + 500:05d}", "ordered_at": when(number), "amount": 30}
        who = {"customer_email": person(number)["email"], "customer_id": person(number)["id"]}
        rest = {"status": "paid", "product": "Sac", "country": "FR", "delivered_at": "", "promised_at": ""}
        tables["orders"].append({**order, **who, **rest})
        mail = {"sent_at": when(number + 4), **who, "campaign": "news", "delivered": "true", "clicked_at": ""}
        tables["emails"].append(mail)
    return tables


def _order(tables: dict[str, Rows], number: int, of: Mapping[str, str], reason: str) -> None:
    order, day = f"CMD9{number:05d}", (number * 37) % 150 + number / 100
    who = {"customer_email": of["email"], "customer_id": of["id"]}
    agent = AGENTS[number % 3]
    bought = {"order_id": order, "ordered_at": when(day), **who, "amount": of["email"] if number == 20 else 40 + number}
    told = f"voir {of['name']} chez elle ce soir" if number == 21 else when(day + 2 + number % 4)
    product = of["email"] if number % 6 == 0 else "Sac"
    tables["orders"].append({**bought, "status": "paid", "product": product, "country": "FR", "delivered_at": told,
                             "promised_at": when(day + 3)})  # fmt: skip
    for turn in range(1 + number % 3):
        at = day + 3 + 6 * turn
        ticket = {"ticket_id": f"TCK55{len(tables['tickets']):04d}", "created_at": when(at), "order_id": order, **who}
        spoken = {"subject": f"Commande {order} {of['email']}", "body": said(of, order), "tags": of["email"]}
        reply = f"Bonjour {of['name']}, nous vous rappelons au {of['phone']} pour {order}. {agent}"
        answered = {"first_reply_at": when(at + 0.2), "solved_at": when(at + 1), "reply": reply, "agent": agent}
        rest = {"channel": of["phone"] if number % 11 == 0 else "email", "reason": reason, "status": "solved"}
        tables["tickets"].append({**ticket, **spoken, **answered, **rest, "handle_minutes": 5, "transfers": number % 2})
    mail = {"sent_at": when(day + 4), **who, "campaign": "news", "delivered": "true"}
    quiet = reason == "Solitaire"  # they write, and give no other sign
    tables["emails"].append({**mail, "clicked_at": "" if quiet or number % 3 == 0 else when(day + 5)})
    if quiet:
        return
    asked = {"kind": "csat", "sent_at": when(day + 6), "answered_at": when(day + 7), "score": number % 5 + 1}
    tables["surveys"].append({**asked, "scale": "1-5", "order_id": order, **who, "comment": said(of, order)})
    if number % 3 == 0:
        review = {"review_id": f"REV{number}", "created_at": when(day + 9), "order_id": order, **who, "rating": 1}
        tables["reviews"].append({**review, "title": f"Avis de {of['name']}", "text": said(of, order)})
        heard = {"checked_at": when(day + 12), "criterion": "Empathie", "score": number % 5, "max_score": 4}
        case = {"ticket_id": tables["tickets"][-1]["ticket_id"], "agent": agent, "comment": said(of, order)}
        tables["listening"].append({**heard, **case})
    if number % 4 == 0:
        granted = {"gesture_id": f"G{number}", "granted_at": when(day + 10), **who, "order_id": order}
        tables["gestures"].append({**granted, "kind": "voucher", "cost": 10, "code": f"BON-{of['id']}"})
        call = {"call_id": f"L{number}", "called_at": when(day + 5), "answered_at": when(day + 5.01), "agent": agent}
        tables["calls"].append({**call, "ended_at": when(day + 5.02), **who})
        remark = {"noted_at": when(day + 3), "text": said(of, order), "agent": agent, "topic": "livraison"}
        tables["agent_feedback"].append(remark)
    if number % 9 == 0:
        back = {"returned_at": when(day + 12), "order_id": order, "reason": "Taille", "refunded_amount": 10}
        tables["returns"].append(back)


def write(tables: Mapping[str, Rows], folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
    return folder


def secrets() -> frozenset[str]:
    """Everything of a person that must be found nowhere, in lower case; names in pieces."""
    writers = sum(customers for _, customers in REASONS.values())
    people = [person(number) for number in range(writers)]
    found = {part for one in people for part in (*one["name"].split(), *one.values())}
    found |= {person(number)[part] for number in range(writers, writers + SILENT) for part in ("email", "id")}
    found |= {part for agent in AGENTS for part in agent.split()} | {"cmd90", "tck55", "cli77", "prive-courriel"}
    return frozenset(part.lower() for part in found)


def members(path: Path) -> Iterator[tuple[str, str]]:
    """The name and the text of each part of a file (of each member, of a workbook or of slides)."""
    if not zipfile.is_zipfile(path):
        yield path.name, path.read_text("utf-8").lower()
        return
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            yield f"{path.name}:{name}", unescape(archive.read(name).decode("utf-8", "ignore")).lower()


@dataclass(frozen=True)
class Line:
    """One figure of the workbook's sheet of data."""

    key: str
    cut: str
    name: str
    month: Any
    numerator: float | None
    denominator: float


def data_lines(path: Path) -> list[Line]:
    """The figures of a workbook's sheet of data: the one whose second column holds keys of measures."""
    book = openpyxl.load_workbook(path, data_only=True)
    for sheet in book.worksheets:
        rows = [row[1:9] for row in sheet.iter_rows(values_only=True) if row and len(row) > 8]
        found = [row for row in rows if isinstance(row[0], str) and "." in row[0] and isinstance(row[7], int | float)]
        if len(found) > 50:
            return [Line(key, cut or "", name or "", month, y, n) for key, _, _, cut, name, month, y, n in found]
    raise LookupError("no sheet of data")


def told_by_subtraction(lines: list[Line]) -> Iterator[str]:
    """Where the total of a figure less its months, or less its classes, leaves one to four."""
    for key in {line.key for line in lines}:
        own = [line for line in lines if line.key == key]
        (total,) = (line.denominator for line in own if not line.cut and line.month is None)
        if total < FEWEST:
            continue  # a figure of few is marked as such; what it is of, it has to say
        months = [line.denominator for line in own if line.month is not None]
        cuts = {line.cut for line in own if line.cut}
        parts = {cut: [line.denominator for line in own if line.cut == cut] for cut in cuts} | {"month": months}
        for cut, sizes in parts.items():
            left = total - sum(sizes)
            if sizes and 0 < left < FEWEST:
                yield f"{key}: {left} of {total} are left by {cut}"
            yield from (f"{key}: {cut} of {size}" for size in sizes if 0 < size < FEWEST)
