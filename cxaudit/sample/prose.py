"""Texts from fragments: a small grammar whose pieces are data files.

A fragment may hold alternatives `[a|b|c]` (an empty one is allowed) and facts `{name}`. A key leads to a list of
fragments; a recipe is a sequence of keys, each optional where it ends in "?" (kept half of the time).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from cxaudit.sample.catalogue import read_data

Part = str | tuple[str, ...]
Fragment = tuple[Part, ...]
_CHOICE = re.compile(r"\[([^\[\]]*)\]")


def parse(text: str) -> Fragment:
    """A fragment's literal pieces and its alternatives, in order."""
    parts: list[Part] = []
    for position, piece in enumerate(_CHOICE.split(text)):
        parts.append(tuple(piece.split("|")) if position % 2 else piece)
    return tuple(part for part in parts if part)


def flatten(tree: Mapping[str, object], prefix: str = "") -> dict[str, tuple[Fragment, ...]]:
    """Nested tables of fragment lists as one dictionary with dotted keys."""
    flat: dict[str, tuple[Fragment, ...]] = {}
    for key, value in tree.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{path}.")
        elif isinstance(value, list):
            flat[path] = tuple(parse(text) for text in value)
    return flat


@dataclass(frozen=True)
class Grammar:
    """Fragments by key."""

    fragments: Mapping[str, tuple[Fragment, ...]]

    def say(self, key: str, random: Random) -> str:
        """One fragment of `key`, its alternatives chosen, its facts still in braces."""
        return self.fragment(key, int(random.random() * len(self.fragments[key])), random)

    def fragment(self, key: str, place: int, random: Random) -> str:
        """The fragment of `key` at `place`, its alternatives chosen, its facts still in braces."""
        return _spoken(self.fragments[key][place], random)

    def compose(self, recipe: Sequence[str], facts: Mapping[str, str], random: Random, joint: str = " ") -> str:
        """The recipe's pieces in order, joined, with the facts filled in; capitals after a full stop."""
        said = []
        for key in recipe:
            if key.endswith("?"):
                if random.random() < 0.5:
                    continue
                key = key[:-1]
            said.append(self.say(key, random))
        return joint.join(piece for piece in said if piece).format_map(facts)


def _spoken(fragment: Fragment, random: Random) -> str:
    return "".join(part if isinstance(part, str) else part[int(random.random() * len(part))] for part in fragment)


@cache
def grammar(name: str) -> Grammar:
    """The grammar of one data file (name without its ending)."""
    return Grammar(flatten(read_data(f"{name}.toml")))


_WITHOUT_ACCENTS = str.maketrans("àâäçéèêëîïôöùûüÀÂÉÈÊ", "aaaceeeeiioouuuAAEEE")
_SHORTENED = (
    ("pourquoi", "pk"), ("s'il vous plaît", "svp"), ("toujours", "tjs"), ("beaucoup", "bcp"), ("quand même", "qd mm"),
    ("c'est", "c"), ("commande", "cmd"), ("vous", "vs"), ("rendez-vous", "rdv"), ("message", "msg"),
)  # fmt: skip
_SLIPS = (
    ("j'ai été", "j'ai était"), ("ça", "sa"), ("reçu ", "recu "), ("toujours", "toujour"), ("colis", "coli"),
    ("quand", "quant"), ("remboursement", "rembourssement"), ("adresse", "addresse"), ("beaucoup", "beaucoups"),
    ("malgré", "malgrès"), ("est-ce que", "esque"), ("c'est", "s'est"), ("encore", "encor"), ("avez", "avait"),
)  # fmt: skip


def roughen(text: str, random: Random) -> str:
    """Write `text` the way hurried people do: no accents, shortenings, slips of the keys, no capitals, shouting."""
    way = random.random()
    if way < 0.30:
        return text.translate(_WITHOUT_ACCENTS)
    if way < 0.52:
        return _swap_letters(text, random)
    if way < 0.70:
        return _replaced(text, _SLIPS, random)
    if way < 0.84:
        return text.lower().replace(" !", "")
    if way < 0.95:
        return _replaced(text.lower(), _SHORTENED, random).translate(_WITHOUT_ACCENTS)
    return text.upper() if len(text) < 160 else text.replace(".", " !!")


def _replaced(text: str, pairs: Sequence[tuple[str, str]], random: Random) -> str:
    for right, wrong in pairs:
        if random.random() < 0.75:
            text = text.replace(right, wrong)
    return text


def _swap_letters(text: str, random: Random) -> str:
    letters = list(text)
    for _ in range(1 + len(letters) // 140):
        place = int(random.random() * (len(letters) - 1))
        if letters[place].isalpha() and letters[place + 1].isalpha():
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
    return "".join(letters)
