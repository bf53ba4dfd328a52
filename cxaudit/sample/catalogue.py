"""The brand's products and the invented people who buy them, read from the data files once."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from cxaudit.sample.draws import Rng, pick

BRAND = "Maison Alba"
IRRITANT_PRODUCT = "Housse de couette Lin lavé"
VOWELS = "aeiouyéèêâîôûAEIOUYÉÈÊÂÎÔÛ"  # "housse" keeps its article: its h is aspirated


def read_data(name: str) -> dict:
    """A TOML file of the package's data folder."""
    return tomllib.loads((resources.files("cxaudit.sample") / "data" / name).read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Product:
    """One product: how the site names it, how customers say it, and what its variants are."""

    name: str
    said: str
    gender: str
    category: str
    price: float
    sizes: tuple[str, ...]
    colours: tuple[str, ...]
    weight: float
    fragile: bool = False

    @property
    def matter(self) -> str:
        """What can happen to it: cloth tears and shrinks, things break."""
        return "objet" if self.fragile or self.said == "panière" else "textile"

    def forms(self) -> dict[str, str]:
        """The product with its French articles, and the endings that agree with it."""
        plural, feminine = self.gender.endswith("p"), self.gender.startswith("f")
        elided = not plural and self.said[0] in VOWELS
        if plural:
            le, un, mon, du = "les", "des", "mes", "des"
        elif feminine:
            le, un, mon, du = "la", "une", "mon" if elided else "ma", "de la"
        else:
            le, un, mon, du = "le", "un", "mon", "du"
        definite = f"l'{self.said}" if elided else f"{le} {self.said}"
        return {
            "produit": self.said,
            "produit_complet": self.name,
            "le_produit": definite,
            "un_produit": f"{un} {self.said}",
            "mon_produit": f"{mon} {self.said}",
            "du_produit": f"de {definite}" if elided else f"{du} {self.said}",
            "e": ("e" if feminine else "") + ("s" if plural else ""),
            "est": "sont" if plural else "est",
            "a": "ont" if plural else "a",
            "etait": "étaient" if plural else "était",
            "il": ("elle" if feminine else "il") + ("s" if plural else ""),
            "pluriel": "s" if plural else "",
            "grand": ("grande" if feminine else "grand") + ("s" if plural else ""),
        }


@dataclass(frozen=True)
class People:
    """The names, places and mail domains that customers are made of."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    family: tuple[str, ...]
    streets: tuple[str, ...]
    extras: tuple[str, ...]
    domains: tuple[str, ...]
    cities: tuple[str, ...]
    zips: tuple[str, ...]
    regions: tuple[str, ...]
    city_weights: tuple[float, ...]


@cache
def products() -> tuple[Product, ...]:
    """All products, in catalogue order."""
    rows = read_data("catalogue.toml")["product"]
    return tuple(Product(**row | {key: tuple(row[key]) for key in ("sizes", "colours")}) for row in rows)


@cache
def product_forms() -> tuple[dict[str, str], ...]:
    """`Product.forms` of every product, in catalogue order."""
    return tuple(product.forms() for product in products())


@cache
def people() -> People:
    """The lists that people are drawn from."""
    data = read_data("people.toml")
    cities = data["city"]
    return People(
        women=tuple(data["women"]),
        men=tuple(data["men"]),
        family=tuple(data["family"]),
        streets=tuple(data["streets"]),
        extras=tuple(data["extras"]),
        domains=tuple(data["domains"]),
        cities=tuple(city["name"] for city in cities),
        zips=tuple(city["zip"] for city in cities),
        regions=tuple(city["region"] for city in cities),
        city_weights=tuple(float(city["weight"]) for city in cities),
    )


@dataclass(frozen=True)
class Customers:
    """The customers of a chunk: arrays of one length (object arrays of str, but for the booleans)."""

    first: np.ndarray
    family: np.ndarray
    woman: np.ndarray
    email: np.ndarray
    city: np.ndarray
    street: np.ndarray
    number: np.ndarray
    phone: np.ndarray
    english: np.ndarray
    opted_in: np.ndarray
    clicker: np.ndarray

    def __len__(self) -> int:
        return len(self.email)


_PLAIN = str.maketrans("àâäçéèêëîïôöùûüÀÂÄÇÉÈÊËÎÏÔÖÙÛÜ", "aaaceeeeiioouuuAAACEEEEIIOOUUU", " '’")
_SEPARATORS = (".", "_", "", "-")


def draw_customers(size: int, first_number: int, rng: Rng) -> Customers:
    """`size` customers whose mail addresses differ from those of every other chunk (`first_number` on)."""
    who = people()
    woman = rng.random(size) < 0.72
    women, men = np.array(who.women, dtype=object), np.array(who.men, dtype=object)
    first = np.where(woman, women[rng.integers(len(women), size=size)], men[rng.integers(len(men), size=size)])
    family = np.array(who.family, dtype=object)[rng.integers(len(who.family), size=size)]
    separator = np.array(_SEPARATORS, dtype=object)[pick((6, 1, 2, 1), size, rng)]
    domain = np.array(who.domains, dtype=object)[pick((4, 3, 1, 1, 1), size, rng)]
    email = np.array(
        [
            f"{a}{s}{b}{n}@{d}".translate(_PLAIN).lower()
            for a, s, b, n, d in zip(
                first, separator, family, range(first_number, first_number + size), domain, strict=True
            )
        ],
        dtype=object,
    )
    digits = rng.integers(10_000, size=size)
    return Customers(
        first=first,
        family=family,
        woman=woman,
        email=email,
        city=pick(who.city_weights, size, rng),
        street=np.array(who.streets, dtype=object)[rng.integers(len(who.streets), size=size)],
        number=rng.integers(1, 190, size=size),
        # 06 39 98 is set aside by the French regulator for works of fiction
        phone=np.array([f"'+33 6 39 98 {d // 100:02d} {d % 100:02d}" for d in digits], dtype=object),
        english=rng.random(size) < 0.04,
        opted_in=rng.random(size) < 0.7,
        clicker=rng.gamma(0.5, 2.0, size=size),
    )
