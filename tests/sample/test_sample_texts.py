"""The texts do not show their template: few repeats, many words, the replies meant to be canned and no others."""

import re
from random import Random

import pandas as pd
import pytest
from sample_files import Exports

from cxaudit.sample.catalogue import products
from cxaudit.sample.prose import Grammar, flatten, grammar, parse

BODY, REPLY = "Message du client [txt]", "Réponse de l'agent [txt]"


@pytest.fixture(scope="module")
def real(exports: Exports) -> pd.DataFrame:
    return exports.tickets[exports.tickets["Tags"].eq("")]


def test_messages_seldom_repeat(real: pd.DataFrame) -> None:
    bodies = real[BODY]
    assert bodies.ne("").all()
    assert bodies.nunique() / len(bodies) > 0.93
    long = bodies[bodies.str.len() > 60]
    assert long.nunique() / len(long) > 0.99


def test_fifty_messages_share_few_sentences(real: pd.DataFrame) -> None:
    drawn = real[BODY][real[BODY].str.len() > 40].sample(50, random_state=1)
    sentences = [
        sentence.strip().lower()
        for text in drawn
        for sentence in re.split(r"[.!?\n]", text)
        if len(sentence.strip()) > 32  # shorter ones are closings
    ]
    counts = pd.Series(sentences).value_counts()
    assert counts.max() <= 3
    assert (counts == 1).mean() > 0.9


def test_vocabulary_is_wide(real: pd.DataFrame) -> None:
    words = re.findall(r"[a-zà-ÿ]{4,}", " ".join(real[BODY]).lower())
    assert len(set(words)) > 1_500


def test_registers_differ(real: pd.DataFrame) -> None:
    bodies = real[BODY]
    assert bodies.str.contains("salutations").any()
    assert bodies.str.contains(r"\b(?:svp|tjs|bjr)\b", regex=True).any()
    assert bodies.str.contains("’").mean() > 0.15
    assert bodies.str.contains(r"\b(?:order|parcel)\b", regex=True).mean() == pytest.approx(0.02, abs=0.015)
    assert bodies.str.len().quantile(0.9) > 4 * bodies.str.len().quantile(0.1)


def test_no_fact_is_left_unfilled(exports: Exports) -> None:
    texts = pd.concat(
        [
            *(exports.tickets[name] for name in ("Subject", BODY, REPLY)),
            *(exports.reviews[name] for name in ("Review Title", "Review Content", "Company Response")),
            exports.csat["Commentaire"],
            exports.journeys["Commentaire"],
        ]
    )
    assert not texts.str.contains(r"[{}\[\]|]", regex=True).any()
    assert not texts.str.contains("  ", regex=False).any()


def test_canned_replies_are_near_identical_and_tailored_ones_are_not(exports: Exports, real: pd.DataFrame) -> None:
    replies = real.loc[real[REPLY].ne(""), REPLY]
    shape = replies.str.replace(r"^Bonjour.*?[,\n]", "", regex=True).str.replace(
        r"(?s)\n[^\n]*\nService.*$", "", regex=True
    )
    shape = shape.str.replace(r"#?MA\d+|\d+", "0", regex=True).str.strip()
    groups = shape.map(shape.value_counts())
    won, units = exports.counted("field.canned.share")
    assert (groups >= 5).mean() == pytest.approx(won / units, abs=0.06)


def test_reviews_agree_with_their_stars(exports: Exports) -> None:
    stars = exports.reviews["Review Stars"].astype(int)
    happy = exports.reviews["Review Content"].str.contains(r"(?i)recommande|adore|ravi|parfait", regex=True)
    assert happy[stars >= 4].mean() > 3 * happy[stars <= 2].mean()
    assert exports.reviews["Review Content"].nunique() / len(exports.reviews) > 0.97


def test_a_fragment_offers_its_alternatives() -> None:
    words = Grammar(flatten({"say": {"hello": ["[Bonjour|Bonsoir] {name}[, merci|]"]}}))
    said = {words.compose(["say.hello"], {"name": "Léa"}, Random(seed)) for seed in range(40)}
    assert said == {"Bonjour Léa", "Bonsoir Léa", "Bonjour Léa, merci", "Bonsoir Léa, merci"}
    assert parse("a [b|c] d") == ("a ", ("b", "c"), " d")


def forms(said: str) -> dict[str, str]:
    return next(product for product in products() if product.said == said).forms()


def test_products_agree_in_french() -> None:
    pillow, cover, plates = forms("oreiller"), forms("housse de couette"), forms("assiettes")
    assert [pillow[form] for form in ("le_produit", "mon_produit", "du_produit")] == [
        "l'oreiller",
        "mon oreiller",
        "de l'oreiller",
    ]
    assert (cover["le_produit"], cover["mon_produit"], cover["e"]) == (
        "la housse de couette",
        "ma housse de couette",
        "e",
    )
    assert (plates["le_produit"], plates["est"], plates["e"]) == ("les assiettes", "sont", "es")


@pytest.mark.parametrize("name", ["customer", "agent", "opinions", "english"])
def test_fragments_are_well_formed(name: str) -> None:
    for key, fragments in grammar(name).fragments.items():
        assert fragments, key
        for fragment in fragments:
            literal = "".join(part for part in fragment if isinstance(part, str))
            assert not set("[]|") & set(literal), (key, literal)
