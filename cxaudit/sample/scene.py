"""What texts may mention: the order, the person, dates and amounts, as people write them."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

import numpy as np

from cxaudit.sample.calendar import DAY, START
from cxaudit.sample.catalogue import Customers, product_forms, products
from cxaudit.sample.catalogue import people as place_names
from cxaudit.sample.orders import Orders
from cxaudit.sample.world import CARRIERS

_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip


def french_date(day: int, style: float) -> str:
    """A day number the way people write it: `style` (0-1) picks the form."""
    when = START.date() + timedelta(days=int(day))
    if style < 0.35:
        return f"{when.day} {_MONTHS[when.month - 1]}"
    if style < 0.6:
        return f"{when:%d/%m}"
    if style < 0.8:
        return f"{when:%d/%m/%Y}"
    return f"{when.day}/{when.month}" if style < 0.9 else f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


EXACT_STYLES = 0.7  # below it, `euros` keeps the cents


def euros(amount: float, style: float) -> str:
    """An amount the way people write it."""
    if style < 0.4:
        return f"{amount:.2f} €".replace(".", ",")
    if style < 0.7:
        return f"{amount:.2f}€".replace(".", ",")
    return f"{round(amount)} euros" if style < 0.9 else f"{round(amount)}€"


@dataclass(frozen=True)
class Scene:
    """The chunk that texts are about."""

    customers: Customers
    orders: Orders
    names: np.ndarray  # order names, object array of str

    def product_of(self, order: int) -> int:
        """Catalogue position of the order's first product."""
        return int(self.orders.product[order])

    def facts(self, order: int, customer: int, at: int, random: Random) -> dict[str, str]:
        """What a text may mention: the order (a plausible one where there is none), the person, dates, amounts."""
        orders, people = self.orders, self.customers
        linked = order if order >= 0 else int(random.random() * len(orders))
        product = products()[orders.product[linked]]
        promised, today, style = int(orders.promised_day[linked]), at // DAY, random.random()
        name = str(self.names[linked])
        woman = bool(people.woman[customer])
        return product_forms()[orders.product[linked]] | {
            "commande": name if random.random() < 0.6 else name[1:],
            "taille": product.sizes[int(random.random() * len(product.sizes))],
            "couleur": product.colours[int(random.random() * len(product.colours))].lower() or "naturel",
            "prenom": str(people.first[customer]),
            "nom": str(people.family[customer]),
            "ville": place_names().cities[people.city[customer]],
            "fe": "e" if woman else "",
            "civilite": "Mme" if woman else "M.",
            "furieux": "furieuse" if woman else "furieux",
            "fou": "folle" if woman else "fou",
            "inquiet": "inquiète" if woman else "inquiet",
            "transporteur": CARRIERS[orders.carrier[linked]],
            "date": french_date(int(orders.at[linked]) // DAY, style),
            "promis": french_date(promised, style),
            "promis_en": f"{START + timedelta(days=promised):%d/%m/%Y}",
            "jours": str(max(2, min(60, int(today - orders.at[linked] // DAY)))),
            "retard": str(max(2, min(40, int(today - promised)))),
            "bientot": french_date(int(today) + 2 + int(random.random() * 5), style),
            "montant": euros(float(orders.subtotal[linked]), random.random()),
            "dossier": f"D{int(random.random() * 900_000) + 100_000}",
        }
