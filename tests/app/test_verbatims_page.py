"""The verbatims page over real texts, and an audit whose exports were replaced since."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from conftest import Open, words
from streamlit.testing.v1 import AppTest
from test_exports import upload
from test_workshop import held

from cxaudit.schema.results import Phrase
from cxaudit.stats.intervals import wilson
from cxaudit.ui.session import Workshop

FURIOUS = "C’est inadmissible, votre service est lamentable et je suis furieuse."
THANKS = "Merci beaucoup, votre équipe est formidable, je suis ravie."
ORDERS = "Numéro de commande;Date de commande;E-mail client;Montant total\n" + "".join(
    f"C{n:04d};{1 + n % 28:02d}/{1 + n // 28 % 6:02d}/2026;client{n % 90}@exemple.fr;{20 + n % 50},50\n"
    for n in range(168)
)


def tickets(angry: int, of: int = 120) -> bytes:
    """Tickets over two months, of which `angry` are furious, each in words of its own."""
    said = [f"{FURIOUS if n < angry else THANKS} Dossier {n}, écrivez à client{n}@exemple.fr." for n in range(of)]
    moments = [f"{1 + n % 27:02d}/{5 + n % 2:02d}/2026 10:{n % 60:02d}" for n in range(of)]
    rows = [f"T{n:04d};{moments[n]};C{n:04d};client{n % 90}@exemple.fr;Retard;{text}\n" for n, text in enumerate(said)]
    head = "Numéro de ticket;Créé le;Numéro de commande;E-mail client;Motif;Message du client\n"
    return (head + "".join(rows)).encode()


@pytest.fixture
def audited(open_page: Open) -> AppTest:
    app = upload(open_page("exports"), ("commandes.csv", ORDERS.encode()), ("tickets.csv", tickets(40)))
    app.button(key="start").click().run()
    assert not app.exception and held(app).audit is not None
    return app


def shown(app: AppTest) -> str:
    return "".join(str(part.proto.body) for part in app.get("html"))


def test_the_texts_of_a_month_are_read_without_what_names_people(open_page: Open, audited: AppTest) -> None:
    app = open_page("verbatims", held(audited))
    assert not app.exception
    assert "20 textes différents, juin 2026, ton\u202f: négatif" in words(app).replace("\\", "")
    assert "lamentable" in shown(app) and "<mark" in shown(app)
    assert "@exemple.fr" not in shown(app)


def test_texts_that_are_the_same_once_nobody_is_named_are_one_with_how_often(open_page: Open) -> None:
    said = tickets(40).decode().replace("Dossier ", "Commande C9")  # an order's number is masked, a file's is not
    files = ("commandes.csv", ORDERS.encode()), ("tickets.csv", re.sub(r"C9(\d+)", r"C9\g<1>00", said).encode())
    app = upload(open_page("exports"), *files)
    app.button(key="start").click().run()
    app = open_page("verbatims", held(app))
    assert "1 texte, juin 2026, ton\u202f: négatif" in words(app).replace("\\", "")
    assert "écrit 20 fois" in words(app)
    assert shown(app).count("lamentable") == 1


def test_months_are_compared_with_their_texts_and_interval(open_page: Open, audited: AppTest) -> None:
    """Sixty texts a month: the same share is told alone, from a third to all with its interval; of two, not at all."""
    workshop = held(audited)
    app = open_page("verbatims", workshop)
    assert "le mois d’avant" not in app.title[0].value.replace("\\", "")
    assert "60 textes en juin 2026" in words(app).replace("\\", "") and "écart non démontré" in words(app)
    for measured, said in ((moved(workshop, 60, 60), "le mois d’avant"), (moved(workshop, 2, 2), "sur la période")):
        app = open_page("verbatims", measured)
        assert not app.exception and said in app.title[0].value.replace("\\", "")
    assert "trop peu pour comparer" in words(app) and "écart non démontré" not in words(app)


def moved(workshop: Workshop, angry: int, texts: int) -> Workshop:
    """The same audit where `angry` texts of the last month's `texts` bear each tone that was heard at all."""
    audit = workshop.audit
    assert audit is not None
    changed = {}
    for key, measure in audit.measures.items():
        if not key.startswith("tone.") or not key.endswith(".share") or not measure.series:
            continue
        before, last = measure.series[-2:]
        low, high = wilson(angry / texts, texts)
        month = replace(
            last, numerator=angry, denominator=texts, value=angry / texts, low=low, high=high, n_eff=float(texts)
        )
        changed[key] = replace(measure, series=(before, month))
    return replace(workshop, audit=replace(audit, measures={**audit.measures, **changed}))


def test_a_correction_stays_and_counts(open_page: Open, audited: AppTest) -> None:
    app = open_page("verbatims", held(audited))
    key = next(button.key for button in app.button if str(button.key).startswith("keep-") and button.key != "keep-note")
    app.button_group(key=f"labels-{key.removeprefix('keep-')}").set_value(["irony"]).run()
    app.button(key=key).click().run()
    assert list(held(app).corrections.values()) == [("irony",)]
    assert "corrigé par vous" in words(app) and "1 texte relu par vous" in words(app)


def test_a_model_of_ones_own_is_named_with_its_hash(open_page: Open, audited: AppTest) -> None:
    workshop = held(audited)
    assert "SHA-256" not in words(open_page("verbatims", workshop))
    said = Phrase.of("warning.tone_model", name="![x](http://a.b/c.png)", digest="fcd31ac2d5a26870", texts=7, bad=2)
    workshop.audit, workshop.ingested = replace(workshop.audit, warnings=(said,)), None  # as after reopening
    app = open_page("verbatims", workshop)
    [shown] = [part.value for part in app.text if "SHA-256" in part.value]
    assert "fcd31ac2d5a26870" in shown and "7 verbatims" in shown


def test_what_is_drawn_again_is_not_read_again(
    open_page: Open, audited: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("verbatims", held(audited))
    monkeypatch.setattr("cxaudit.ui.reading.quote", lambda row: pytest.fail("read twice"))
    monkeypatch.setattr("cxaudit.ui.reading.sample", lambda rows: pytest.fail("drawn twice"))
    app.run()
    assert not app.exception and "lamentable" in shown(app)


def test_an_export_replaced_by_a_corrected_one_changes_the_figures(open_page: Open, audited: AppTest) -> None:
    before = held(audited).audit.measures["tone.negative.share"].value
    assert "ont changé depuis ce diagnostic" not in words(open_page("overview", held(audited)))
    app = upload(open_page("exports", held(audited)), ("tickets.csv", tickets(80)))
    stale = open_page("overview", held(app))
    assert "ont changé depuis ce diagnostic" in words(stale)
    assert [link.label for link in stale.get_by_key("outdated").page_link] == ["Relancer le diagnostic"]
    app.button(key="start").click().run()
    fresh = open_page("overview", held(app))
    assert "ont changé depuis ce diagnostic" not in words(fresh)
    assert held(fresh).audit.measures["tone.negative.share"].value == pytest.approx(2 * before)
