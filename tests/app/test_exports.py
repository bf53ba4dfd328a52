"""Files in: recognised, questioned, corrected, replaced, audited; a bad one never takes down the others."""

from __future__ import annotations

import gc
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from conftest import Open, words
from test_workshop import held

from cxaudit.ui.intake import counted
from cxaudit.ui.shell import PAGES

ORDERS = "Numéro de commande;Date de commande;E-mail client;Montant total\n" + "".join(
    f"C{n:04d};{1 + n % 28:02d}/{1 + n // 28 % 12:02d}/2026;client{n % 90}@exemple.fr;{20 + n % 50},50\n"
    for n in range(300)
)
TICKETS = "Numéro de ticket;Créé le;Numéro de commande;E-mail client;Motif\n" + "".join(
    f"T{n:04d};{1 + n % 27:02d}/{1 + n // 20 % 12:02d}/2026 10:{n % 60:02d};C{n:04d};client{n % 90}@exemple.fr;Retard\n"
    for n in range(200)
)


def upload(app, *files):  # type: ignore[no-untyped-def]
    return app.file_uploader[0].set_value([(name, data, "text/csv") for name, data in files]).run()


def test_a_total_line_says_nothing_of_how_a_column_is_filled(open_page: Open) -> None:
    app = upload(open_page("exports"), ("commandes.csv", (ORDERS + "Total;;;12345,00\n").encode()))
    assert sum(part.rows for part in held(app).ingested.exports[0].set_aside) == 1
    fields = app.data_editor[0].value
    assert set(fields["filled"][fields["column"] != ""]) == {100.0}


def test_two_files_are_recognised_and_audited(open_page: Open) -> None:
    app = upload(open_page("exports"), ("commandes.csv", ORDERS.encode()), ("tickets.csv", TICKETS.encode("cp1252")))
    assert not app.exception
    assert app.title[0].value == "Fichiers lus\u202f: 2, utilisables\u202f: 2"
    assert {export.table for export in held(app).ingested.exports} == {"orders", "tickets"}
    assert "500 lignes lues = 500 gardées" in words(app).replace("\\", "")
    app.button(key="start").click().run()
    assert held(app).audit is not None
    assert "recontact.orders.30d" in held(app).audit.measures


def test_a_bad_file_is_told_and_the_others_serve(open_page: Open) -> None:
    app = upload(
        open_page("exports"), ("commandes.csv", ORDERS.encode()), ("photo.csv", b"\x89PNG\r\n\x1a\n" + b"\x00" * 500)
    )
    assert not app.exception
    assert any(export.table == "orders" for export in held(app).ingested.exports)
    assert "photo.csv" in words(app)


def test_the_diagnosis_waits_for_a_file_that_serves(open_page: Open) -> None:
    budget = "Poste;Prévu;Réel\nLoyer;1200;1180\nÉnergie;300;340\n"
    app = upload(open_page("exports"), ("budget.csv", budget.encode()))
    assert not app.exception and {export.table for export in held(app).ingested.exports} == {"none"}
    assert app.button(key="start").disabled and "Aucun fichier utilisable pour l’instant" in words(app)
    upload(app, ("commandes.csv", ORDERS.encode()))
    assert not app.button(key="start").disabled and "Aucun fichier utilisable" not in words(app)


def test_home_says_what_may_be_dropped_on_a_saved_audit(open_page: Open) -> None:
    for lang, said in (("fr", "vos exports (CSV, Excel…) vont à la page Exports"), ("en", "takes nothing else")):
        assert said in words(open_page("home", lang=lang)).replace("\\", "")


def test_a_corrected_file_of_the_same_name_replaces_the_first(open_page: Open) -> None:
    app = upload(open_page("exports"), ("commandes.csv", ORDERS.encode()))
    first = held(app).ingested.exports[0]
    shorter = "\n".join(ORDERS.splitlines()[:101]) + "\n"
    upload(app, ("commandes.csv", shorter.encode()))
    second = held(app).ingested.exports[0]
    assert (first.rows_kept, second.rows_kept) == (300, 100) and len(held(app).ingested.exports) == 1


def test_a_file_can_be_taken_out(open_page: Open) -> None:
    app = upload(open_page("exports"), ("commandes.csv", ORDERS.encode()))
    app.button(key="remove-0").click().run()
    assert held(app).ingested is None and app.file_uploader


def test_samples_show_no_address_in_full(open_page: Open) -> None:
    app = upload(open_page("exports"), ("commandes.csv", ORDERS.encode()))
    shown = "\n".join(str(value) for value in app.data_editor[0].value["sample"])
    assert "…@exemple.fr" in shown and "client1@" not in shown


def test_a_quality_page_with_one_file_counts_and_leads_on(open_page: Open) -> None:
    app = upload(open_page("exports"), ("commandes.csv", ORDERS.encode()))
    app.button(key="start").click().run()
    app.switch_page("pages/quality.py").run()
    assert not app.exception
    assert app.title[0].value == "300 lignes utiles sur 300 lues"
    assert "ouvrirait" in words(app)


REVIEWS = "Date;Note;Avis\n" + "".join(
    f"{1 + n % 28:02d}/{1 + n // 28 % 9:02d}/2026;{1 + n % 5};Colis arrivé en retard, je suis déçue n° {n}\n"
    for n in range(120)
)


@pytest.mark.parametrize(("name", "content"), [("tickets.csv", TICKETS), ("avis.csv", REVIEWS)])
def test_every_page_draws_with_one_file(open_page: Open, name: str, content: str) -> None:
    app = upload(open_page("exports", lang="en"), (name, content.encode()))
    app.button(key="start").click().run()
    assert held(app).audit is not None, words(app)
    for page in PAGES:
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception, page
        assert app.title[0].value


def test_a_bad_column_choice_is_told_and_changes_nothing(open_page: Open) -> None:
    app = upload(open_page("exports"), ("commandes.csv", ORDERS.encode()))
    before = held(app).ingested
    entry = {**before.entries[0].as_json(), "mapping": {"order_id": "n’existe pas"}}
    held(app).changes.append(entry)
    app.run()
    assert not app.exception
    assert "n’existe pas" in words(app) and held(app).ingested is before


def test_a_large_file_is_read_from_a_private_folder_that_goes_with_it(open_page: Open, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    for place in ("ui.spill", "ingest.read_delimited"):
        monkeypatch.setattr(f"cxaudit.{place}.LARGE", 2_000)
    app = upload(open_page("exports"), ("commandes.csv", ORDERS.encode()), ("tickets.csv", TICKETS.encode()))
    assert "500 lignes lues = 500 gardées" in words(app).replace("\\", "")
    folder = Path(held(app).sheets["commandes.csv"].folder.name)
    assert [file.name for file in folder.iterdir()] == ["export"] and folder.stat().st_mode & 0o077 == 0
    entry = held(app).ingested.entries[0].as_json()
    entry["mapping"] = {**entry["mapping"], "product": "E-mail client"}
    held(app).changes.append(entry)
    app.run()
    assert held(app).ingested.tables["orders"]["product"].n_unique() == 90
    app.button(key="remove-0").click().run()
    gc.collect()
    assert not folder.exists() and [export.table for export in held(app).ingested.exports] == ["tickets"]


def test_whole_numbers_of_a_table_wear_the_readers_dress() -> None:
    frame = pd.DataFrame({"Fichier": ["a.csv"], "Lues": [1035], "Part": ["12,5"]})
    for lang, shown in (("fr", "1\u202f035"), ("en", "1,035")):
        styled = counted(SimpleNamespace(lang=lang), frame)  # type: ignore[arg-type]
        assert shown in styled.to_html() and styled.data["Lues"].tolist() == [1035]


def test_tickets_without_an_order_are_told_with_what_they_cost(open_page: Open) -> None:
    orphans = TICKETS.replace(";C000", ";")
    app = upload(open_page("exports"), ("commandes.csv", ORDERS.encode()), ("tickets.csv", orphans.encode()))
    app.button(key="start").click().run()
    quality = open_page("quality", held(app))
    assert not quality.exception
    said = words(quality).replace("\\", "")
    assert "Sans commande retrouvée par son numéro\u202f: **10** tickets sur 200" in said
    assert "Soit 5,0\u202f% des tickets." in said


SURVEY = "Date de réponse;E-mail client;Êtes-vous satisfait(e) ?;Recommanderiez-vous la boutique ?\n" + "".join(
    f"{1 + n % 28:02d}/{1 + n % 6:02d}/2026;client{n % 90}@exemple.fr;{1 + n % 5};{n % 11}\n" for n in range(120)
)


@pytest.mark.parametrize(("lang", "answers", "surveys"), [("fr", "réponses", "enquêtes"), ("en", "answers", "surveys")])
def test_an_export_of_answers_alone_is_not_called_surveys(
    open_page: Open, lang: str, answers: str, surveys: str
) -> None:
    lines = SURVEY.splitlines()
    sent = "\n".join(["Date d’envoi;" + lines[0], *(f"{line[:10]};{line}" for line in lines[1:])])
    for content, word in ((SURVEY, answers), (sent, surveys)):
        app = upload(open_page("exports", lang=lang), ("enquete.csv", content.encode()))
        assert ("sent_at" in held(app).ingested.entries[0].mapping) == (word == surveys)
        assert f"**120 {word}**" in words(app)


def test_the_score_chosen_among_several_says_what_the_survey_measures(open_page: Open) -> None:
    app = upload(open_page("exports"), ("enquete.csv", SURVEY.encode()))
    asked = next(one for one in held(app).ingested.questions if one.field == "score")
    key = f"answer-{asked.file}-{asked.sheet}-field-score"
    app.button_group(key=key).set_value("Recommanderiez-vous la boutique ?").run()
    entry = held(app).ingested.entries[0]
    assert not app.exception and entry.mapping["score"] == "Recommanderiez-vous la boutique ?"
    assert entry.derived["kind"] == {"constant": "nps"}
