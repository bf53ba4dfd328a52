"""The sample's files, read back with pandas as a stranger would."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

FRENCH = {"sep": ";", "encoding": "cp1252"}


@dataclass(frozen=True)
class Exports:
    """The files of one sample as text frames, and what truth.toml says of them."""

    folder: Path
    orders: pd.DataFrame
    tickets: pd.DataFrame
    reviews: pd.DataFrame
    csat: pd.DataFrame
    journeys: pd.DataFrame
    mails: pd.DataFrame
    returns: pd.DataFrame
    gestures: pd.DataFrame
    truth: dict

    def counted(self, key: str) -> tuple[int, int]:
        """Numerator and denominator that truth.toml gives."""
        entry = self.truth["realised"][key]
        return entry["numerator"], entry["denominator"]


def read_exports(folder: Path) -> Exports:
    """All exports of a folder, every value as text."""

    def csv(name: str, **options: str) -> pd.DataFrame:
        return pd.read_csv(folder / name, dtype=str, keep_default_na=False, **options)

    return Exports(
        folder=folder,
        orders=csv("shopify_commandes.csv"),
        tickets=csv("zendesk_tickets.csv"),
        reviews=csv("trustpilot_avis.csv"),
        csat=csv("enquete_csat.csv", **FRENCH),
        journeys=csv("enquete_nps_ces.csv", **FRENCH),
        mails=csv("emails.csv"),
        returns=csv("retours.csv", sep=";", encoding="utf-8-sig"),
        gestures=pd.read_excel(folder / "gestes_commerciaux.xlsx", header=2),
        truth=tomllib.loads((folder / "truth.toml").read_text(encoding="utf-8")),
    )
