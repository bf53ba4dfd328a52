"""What a word of a text is to the lexicons: its code in each language, and which language it speaks for."""

from __future__ import annotations

from collections.abc import Mapping

from cxaudit.tone.typos import Typos

OTHER, NUMBER, FIRST_FREE = 0, 1, 16  # codes below FIRST_FREE are kept for numbers, marks and text ends

# A short stem takes inflections only, or "cassé" would catch casserole; a long one takes anything.
SHORT_STEM = 6
_ENDINGS = (
    "e s es x t r nt nts nte ntes z ment er ir it is ent ez ait aient ant ante ants antes ee ees eux euse euses eur "
    "eurs able ables ion ions if ifs ive ives ite ites ie ies isant isante "
    "d ed ing ings ers ly y ful rs ance ation ible n ne al ale"
)
INFLECTIONS = frozenset(_ENDINGS.split()) | {""}


def inflects(word: str, stem: str) -> bool:
    """Whether a word that begins with `stem` is one of its forms."""
    return len(stem) > SHORT_STEM or word[len(stem) :] in INFLECTIONS


class Vocabulary:
    """The words and stems of one language's lexicon, by code."""

    def __init__(self, exact: Mapping[str, int], stems: Mapping[str, int], typos: Typos) -> None:
        self._exact, self._stems, self._typos = exact, stems, typos

    def code(self, word: str) -> int:
        """The code of a folded word; a word written one letter off is read as its neighbour."""
        known = self._known(word)
        if known != OTHER or word[0].isdigit():
            return known or NUMBER
        meant = self._typos.meant(word)
        return self._known(meant) if meant else OTHER

    def _known(self, word: str) -> int:
        if word in self._exact:
            return self._exact[word]
        for size in range(len(word), 2, -1):
            if word[:size] in self._stems and inflects(word, word[:size]):
                return self._stems[word[:size]]
        return OTHER


class Senses(dict[bytes, int]):
    """A folded word to one number that packs its French code, its English code and its votes; learnt as words come."""

    MOST = 400_000  # distinct words kept, so that memory stays flat over any number of texts
    BITS = 20

    def __init__(self, french: Vocabulary, english: Vocabulary, votes: Mapping[bytes, int]) -> None:
        super().__init__()
        self._french, self._english, self._votes = french, english, votes

    def __missing__(self, word: bytes) -> int:
        if len(self) > self.MOST:
            self.clear()
        text = word.decode("ascii")
        codes = self._french.code(text) | self._english.code(text) << self.BITS
        sense = self[word] = codes | self._votes.get(word, 0) << 2 * self.BITS
        return sense
