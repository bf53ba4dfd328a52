"""Personal data taken out of quoted texts, as best it can be: what has a shape, and names where people sign or greet.

A name in the middle of a sentence has no shape and stays; the app says so wherever it quotes.
"""

from __future__ import annotations

import re

HIDDEN = "[…]"

_EMAIL = r"[\w.+'-]{1,64}\s?@\s?[\w-]++(?:\.[\w-]+)+"  # no mailbox has a longer name, and a long word costs little
_LINK = r"(?:https?://|www\.)\S+"
_IBAN = r"\b[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]{4}){3,7}(?:[ \u00a0]?[A-Z0-9]{1,4})?\b"
_CARD = r"(?<!\d)(?:\d[ \u00a0-]?){13,19}(?!\d)"
_PHONE = r"(?<![\w+])(?:\+|00)?\d(?:[ \u00a0.()/-]?\d){8,13}(?!\w)"
_ORDER = r"(?<!\w)(?:#\s?[\w-]*\d[\w-]*|[A-Z]{1,5}[-_]?\d{3,}[\w-]*|\d{5,})(?!\w)"
_ADDRESS = (
    r"\b\d{1,4}(?:\s?(?:bis|ter))?,?\s+(?:rue|avenue|av\.|boulevard|bd|chemin|impasse|allée|allee|place|quai|route|cours)"
    r"\s+[^\n,.;]{2,40}"
)
_WORD = r"[A-ZÀ-ÖØ-Þ][\wÀ-ÿ'’-]{0,60}\.?"
_NAME = rf"[A-ZÀ-ÖØ-Þ][\wÀ-ÿ'’-]{{1,60}}\.?(?:[ \u00a0]+(?:(?:de|du|des|la|le|van|von)[ \u00a0]*)?{_WORD}){{0,3}}"
_CLOSING = (
    r"(?:bien )?cordialement|bien à vous|sincères salutations|salutations|bonne journée|bonne soirée|cdlt|cdt|à bientôt"
    r"|merci(?: d[’']avance)?|(?:best |kind )?regards|best|sincerely|thanks|thank you|cheers|yours"
)
_SIGNATURE = re.compile(rf"(?i:\b(?:{_CLOSING})\b)[\s,.!-]*(?P<name>{_NAME})\s*$", re.MULTILINE)
_LONE_LAST_LINE = re.compile(rf"\n[^\S\n]*(?P<name>{_NAME})\s*\Z")
_TITLED = re.compile(rf"\b(?:M\.|Mr\.?|Mme|Mlle|Mrs\.?|Ms\.?|Madame|Monsieur)[ \u00a0]+(?P<name>{_NAME})")
_SAID = re.compile(rf"(?i:\b(?:je m['’]appelle|je suis m(?:me|r)?|my name is|i am mrs?))\s+(?P<name>{_NAME})")
_GREETED = re.compile(rf"(?i:\b(?:bonjour|bonsoir|hello|hi|dear|cher|chère))[ \u00a0]+(?P<name>{_NAME})")
_SHAPES = (
    *(re.compile(shape) for shape in (_EMAIL, _LINK, _IBAN, _CARD, _PHONE, _ORDER)),
    re.compile(_ADDRESS, re.IGNORECASE),
)
_NAMES = (_SIGNATURE, _LONE_LAST_LINE, _TITLED, _SAID, _GREETED)


def redacted(text: str) -> str:
    """`text` with e-mails, links, IBANs, card, phone and order numbers, addresses and signed names replaced by […]."""
    for shape in _SHAPES:
        text = shape.sub(HIDDEN, text)
    for names in _NAMES:
        text = names.sub(_without_name, text)
    return text


def _without_name(found: re.Match[str]) -> str:
    start, end = (place - found.start() for place in found.span("name"))
    whole = found.group()
    return whole[:start] + HIDDEN + whole[end:]
