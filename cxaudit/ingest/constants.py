"""What a whole file has in common by its name or its question: a survey's kind and scale, a review's source."""

from __future__ import annotations

import re

from cxaudit.ingest.draft import Draft, constant
from cxaudit.ingest.words import spelled
from cxaudit.schema.values import OTHER, classify

SOURCES = {
    "Trustpilot": r"trust ?pilot",
    "Google": r"google|\bgmb\b",
    "Avis Vérifiés": r"avis ?verifies|verified reviews|netreviews|skeepers",
    "Facebook": r"facebook",
    "Instagram": r"instagram",
    "TikTok": r"tik ?tok",
    "X": r"twitter|\btweets?\b",
    "Amazon": r"amazon",
    "Yotpo": r"yotpo",
    "Judge.me": r"judge ?me",
}


_SCALE = (
    ("0-10", r"\b0 ?(?:a|to|bis|-|–|et) ?10\b|nps|(?:/|sur|out of|su|von|de) ?10\b"),
    ("1-7", r"\b1 ?(?:a|to|bis|-|–) ?7\b|(?:/|sur|out of|su|von) ?7\b"),
    ("1-5", r"\b1 ?(?:a|to|bis|-|–) ?5\b|(?:/|sur|out of|su|von) ?5\b"),
    ("0-100", r"(?:/|sur|out of|su|von) ?100\b"),
)


_NPS_CLASSES = frozenset(
    {"promoter", "promoters", "passive", "passives", "detractor", "detractors"}
    | {"promoteur", "promoteurs", "passif", "passifs", "detracteur", "detracteurs", "neutre", "neutral"}
)


def survey_constants(draft: Draft) -> None:
    score = draft.mapping.get("score")
    asked = draft.labels[score] if score is not None else ""
    if draft.lacks("kind"):
        kinds = [classify("surveys", "kind", [text])[text] for text in (asked, draft.title)]
        if any(profile.spread > 1 and profile.few and profile.few <= _NPS_CLASSES for profile in draft.profiles):
            kinds.append("nps")
        constant(draft, "kind", next((kind for kind in kinds if kind != OTHER), None))
    if draft.lacks("scale") and score is not None:
        kind = draft.derived.get("kind", {}).get("constant", "")
        said = f"{asked.lower()} {kind}"
        fits = next((scale for scale, pattern in _SCALE if re.search(pattern, said)), None)
        top = float(fits.split("-")[1]) if fits else 0.0
        if fits and (draft.profiles[score].high or 0) <= top:
            constant(draft, "scale", fits)
    if draft.lacks("journey"):
        journey = _journey(f"{draft.title}")
        constant(draft, "journey", journey)


def _journey(title: str) -> str | None:
    """The journey that a file's name says: nps_apres_achat, enquete-retour."""
    text = spelled(title)
    if re.search(r"retours?\b|returns?\b", text) and not re.search(r"retours? (clients?|d)", text):
        return "return"
    if re.search(r"achat|purchase|livraison|delivery|commande", text):
        return "purchase"
    return "support" if re.search(r"\bsav\b|support|ticket|service client|zendesk|contact", text) else None
