"""What people do in the room: notes, plan, events, settings, erasing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from conftest import Open, words
from made_audit import made

from cxaudit.schema.results import Event, Finding, Phrase
from cxaudit.schema.workshop import Action
from cxaudit.ui import session
from cxaudit.ui.session import Workshop
from cxaudit.ui.vault import Vault, browser_token

HOSTILE = "![x](http://example.org/x.png) <img src=x onerror=alert(1)> :red[rouge] $x$"


def held(app) -> Workshop:  # type: ignore[no-untyped-def]
    return app.session_state["workshop"]


def test_home_offers_three_ways_and_a_tour_that_can_be_skipped(open_page: Open) -> None:
    app = open_page("home")
    assert "exemple" in app.button(key="sample").label
    app.button(key="tour-next").click().run()
    assert "Visite, étape 2 sur 5" in words(app)
    app.button(key="tour-skip").click().run()
    assert "Visite" not in words(app)
    app.radio(key="language").set_value("English").run()
    assert "sample" in app.button(key="sample").label


def test_a_note_is_kept_and_lands_in_the_plan_with_its_measure(open_page: Open, workshop: Workshop) -> None:
    app = open_page("signals", workshop)
    app.text_area(key="note-recontact.orders.30d").set_value("La grève a commencé le 14 juillet").run()
    app.button(key="note-to-plan").click().run()
    assert [note.text for note in held(app).notes] == ["La grève a commencé le 14 juillet"]
    assert held(app).plan == (Action("La grève a commencé le 14 juillet", finding="recontact.orders.30d"),)
    assert app.text_area(key="note-recontact.orders.30d").value == ""
    app.switch_page("pages/report.py").run()
    assert "Signaux — La grève a commencé le 14 juillet" in words(app)


def test_a_blank_note_is_not_kept(open_page: Open, workshop: Workshop) -> None:
    app = open_page("signals", workshop)
    app.button(key="keep-note").click().run()
    assert held(app).notes == ()


def test_the_same_action_is_not_planned_twice(open_page: Open, workshop: Workshop) -> None:
    app = open_page("plan", workshop)
    first = next(button for button in app.button if str(button.key).startswith("add-"))
    first.click().run()
    assert len(held(app).plan) == 1
    assert app.button(key=first.key).disabled


def test_the_plan_names_the_irritant_of_a_line(open_page: Open, workshop: Workshop) -> None:
    text = Phrase.of(
        "finding.irritant.growth.demonstrated", label="Produit · manque vis", value=0.1, low=0.05, high=0.15
    )
    found = Finding("irritant.growth.0000abcd", "high", (), "demonstrated", text, ("recount",))
    assert workshop.audit is not None
    workshop.audit = replace(workshop.audit, findings=(found,))
    workshop.plan = (Action("Compter les vis", finding=found.key), Action("Autre", finding="irritant.growth.gone"))
    app = open_page("plan", workshop)
    assert list(app.data_editor[0].value["finding"]) == ["Irritant «\u202fProduit · manque vis\u202f»", ""]


def test_the_plan_keeps_what_is_typed_and_sorts_by_stake(open_page: Open, workshop: Workshop) -> None:
    workshop.plan = (
        Action("Sans enjeu"),
        Action("Avec enjeu", finding="mirage.resolution", stake="stake.lost_repurchase"),
    )
    app = open_page("plan", workshop)
    assert list(app.data_editor[0].value["action"]) == ["Sans enjeu", "Avec enjeu"]
    app.button_group(key="plan-order").set_value("stake").run()
    assert list(app.data_editor[0].value["action"]) == ["Avec enjeu", "Sans enjeu"]
    assert list(app.data_editor[0].value["stake"]) == ["47\u202f900\u00a0€", ""]
    assert {line.action: line.stake for line in held(app).plan}["Avec enjeu"] == "stake.lost_repurchase"


def test_an_event_is_declared_from_the_form(open_page: Open, workshop: Workshop) -> None:
    app = open_page("context", workshop)
    before = held(app).audit
    app.text_input(key="event-name").set_value("Panne du site")
    app.date_input(key="event-days").set_value((date(2026, 8, 3), date(2026, 8, 9)))
    app.button(key="event-add").click().run()
    assert held(app).events[-1] == Event("Panne du site", "incident", date(2026, 8, 3), date(2026, 8, 9))
    assert held(app).audit is not before and held(app).audit.context.events[-1].name == "Panne du site"


def test_an_event_without_a_name_is_asked_for(open_page: Open, workshop: Workshop) -> None:
    app = open_page("context", workshop)
    app.button(key="event-add").click().run()
    assert "Saisissez un nom, un premier jour" in words(app)
    assert held(app).events == workshop.events


def test_a_suggestion_counts_once_confirmed_and_goes_once_refused(open_page: Open, workshop: Workshop) -> None:
    app = open_page("context", workshop)
    key = "answer-pic-2026-04-11"
    app.button_group(key=key).set_value("launch").run()
    assert held(app).events[-1].kind == "launch" and held(app).events[-1].starts_on == date(2026, 4, 11)

    fresh = made()
    refusing = open_page("context", Workshop(audit=fresh, events=fresh.context.events))
    refusing.button_group(key=key).set_value("nothing").run()
    assert "Aucune question en attente." in words(refusing)
    assert len(held(refusing).events) == len(fresh.context.events)


def test_a_target_changes_the_verdicts_and_can_be_undone(open_page: Open, workshop: Workshop) -> None:
    app = open_page("overview", workshop)
    app.number_input(key="target-csat").set_value(95.0)
    app.button(key="apply").click().run()
    assert held(app).settings.targets.csat == 0.95
    csat = next(mirage for mirage in held(app).audit.mirages if mirage.key == "csat")
    assert csat.target == 0.95 and csat.state == "not green"
    moved = "\n".join(part.value for part in app.get_by_key("changed").markdown)
    assert "Satisfaction (CSAT)" in moved and "● Contredit → – Déjà hors cible" in moved
    beside = "\n".join(part.value for part in app.get_by_key("finding-csat").markdown)
    assert "avant\u202f: ● Contredit" in beside
    assert "Dernier changement\u202f: CSAT (%)." in moved.replace("\\", "")
    app.button(key="undo").click().run()
    assert held(app).settings.targets.csat == 0.90
    assert app.number_input(key="target-csat").value == 90.0


def test_a_figure_that_the_last_change_moved_bears_what_it_was(open_page: Open, workshop: Workshop) -> None:
    audit = workshop.audit
    assert audit is not None
    former = replace(audit.measures["recontact.orders.30d"], value=0.125)
    workshop.before = replace(audit, measures={**audit.measures, former.key: former})
    card = "\n".join(part.value for part in open_page("overview", workshop).get_by_key(f"card-{former.key}").markdown)
    assert "violet-badge[avant\u202f: 12,5\u202f%]" in card.replace("\\", "")
    workshop.before = audit
    assert "violet-badge" not in words(open_page("overview", workshop))


def _changed(open_page: Open, workshop: Workshop, **figures: float) -> str:
    """What the panel says where these figures were others before, by their keys."""
    audit = workshop.audit
    assert audit is not None
    former = {key: replace(audit.measures[key], value=value) for key, value in figures.items()}
    targets = replace(workshop.settings.targets, csat=0.5)
    workshop.before = replace(
        audit, measures={**audit.measures, **former}, settings=replace(workshop.settings, targets=targets)
    )
    workshop.audit = replace(audit, settings=workshop.settings)
    app = open_page("overview", workshop)
    assert not app.exception
    return "\n".join(part.value for part in app.get_by_key("changed").markdown).replace("\\", "")


def test_a_change_that_shows_nothing_moved_nothing_and_says_so(open_page: Open, workshop: Workshop) -> None:
    assert workshop.audit is not None
    value = workshop.audit.measures["recontact.orders.30d"].value
    assert value is not None
    said = _changed(open_page, workshop, **{"recontact.orders.30d": value + 1e-6})
    assert "Aucun chiffre n’a bougé" in said and "Dernier changement\u202f: CSAT (%)." in said and "→" not in said


def test_what_moved_is_listed_and_the_rest_is_counted(open_page: Open, workshop: Workshop) -> None:
    assert workshop.audit is not None
    known = [key for key, one in workshop.audit.measures.items() if one.unit == "share" and one.kind == "single"][:9]
    said = _changed(open_page, workshop, **dict.fromkeys(known, 0.987))
    assert f"{len(known)} changements" in said and said.count("→") == 6
    assert len(known) > 7 and f"et {len(known) - 6} autres" in said


def test_an_event_that_is_declared_is_named_as_the_last_change(open_page: Open, workshop: Workshop) -> None:
    app = open_page("context", workshop)
    app.text_input(key="event-name").set_value("Panne du site")
    app.date_input(key="event-days").set_value((date(2026, 8, 3), date(2026, 8, 9)))
    app.button(key="event-add").click().run()
    said = "\n".join(part.value for part in app.get_by_key("changed").markdown)
    assert "Dernier changement\u202f: événement «\u202fPanne du site\u202f»." in said.replace("\\", "")


def test_a_window_needs_the_rows_and_says_so(open_page: Open, workshop: Workshop) -> None:
    app = open_page("overview", workshop)
    app.number_input(key="window-silence_days").set_value(60)
    app.button(key="apply").click().run()
    assert "déposez de nouveau les exports" in words(app)
    assert held(app).settings.windows.silence_days == 90


def test_client_words_never_reach_markdown_alive(open_page: Open, workshop: Workshop) -> None:
    audit = workshop.audit
    assert audit is not None
    event = replace(audit.context.events[-1], name=HOSTILE)
    irritant = replace(audit.field_work.irritants[0], label=HOSTILE)
    workshop.client = HOSTILE
    workshop.audit = replace(
        audit,
        context=replace(audit.context, events=(event,)),
        field_work=replace(audit.field_work, irritants=(irritant,)),
    )
    for name in ("overview", "context", "field", "report"):
        app = open_page(name, workshop)
        assert not app.exception
        for part in (*app.title, *app.markdown, *app.subheader):
            bare = part.value.replace("\\[", "").replace("\\<", "").replace("\\:", "")
            assert not any(sign in bare for sign in ("![x", "<img", ":red[rouge"))


def test_erasing_forgets_everything_of_the_tab(open_page: Open, workshop: Workshop) -> None:
    app = open_page("report", workshop)
    app.button(key="erase-side-now").click().run()
    assert held(app).audit is None and held(app).client == ""
    assert "Rien à montrer encore" in words(app)


def test_uploaded_bytes_are_released(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from types import SimpleNamespace

    from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
    from streamlit.runtime.uploaded_file_manager import UploadedFileRec

    manager = MemoryUploadedFileManager("/upload")
    manager.add_file("mine", UploadedFileRec("a", "a.csv", "text/csv", b"x" * 1000))
    manager.add_file("theirs", UploadedFileRec("b", "b.csv", "text/csv", b"y" * 1000))
    context = SimpleNamespace(uploaded_file_mgr=manager, session_id="mine")
    monkeypatch.setattr(session, "get_script_run_ctx", lambda: context)
    session.release_uploads()
    assert not manager.get_files("mine", ["a"]) and manager.get_files("theirs", ["b"])


def test_the_vault_keeps_figures_without_rows_and_gives_them_to_one_secret_only(workshop: Workshop) -> None:
    vault = Vault(most=2, seconds=60)
    workshop.sheets = {"commandes.csv": ("rows",)}
    vault.keep("mine", workshop, now=0.0)
    found = vault.find("mine", now=30.0)
    assert found is not None and found.audit is workshop.audit and found.sheets == {} and found.ingested is None
    assert vault.find("theirs", now=30.0) is None
    assert vault.find("mine", now=61.0) is None and vault.find("mine", now=30.0) is None
    for secret in ("a", "b", "c"):
        vault.keep(secret, workshop, now=0.0)
    assert vault.find("a", now=0.0) is None and vault.find("c", now=0.0) is not None
    vault.drop("c")
    assert vault.find("c", now=0.0) is None


def test_the_cookie_is_the_same_under_another_mask() -> None:
    from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string

    token = bytes(range(16))
    assert browser_token(generate_xsrf_token_string(token)) == token == browser_token(generate_xsrf_token_string(token))
    assert [browser_token(other) for other in ("", "2|zz|zz|1", "a|b", "2|||1")] == [None] * 4
