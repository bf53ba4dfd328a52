"""The files of the sample, open while the chunks come in."""

from contextlib import ExitStack
from pathlib import Path
from random import Random

import numpy as np
import polars as pl

from cxaudit.sample import layouts
from cxaudit.sample.calendar import EVENTS, NEVER
from cxaudit.sample.chunk import Chunk, survey_level
from cxaudit.sample.columns import Numbers, moments, order_names, stamps, text_frame, ticket_ids
from cxaudit.sample.draws import stage_rng
from cxaudit.sample.gestures import GESTURES, VOUCHER
from cxaudit.sample.letters import tidied
from cxaudit.sample.opinions import Opinion, write_comment, write_review
from cxaudit.sample.prose import grammar
from cxaudit.sample.scene import Scene
from cxaudit.sample.shopify import shopify
from cxaudit.sample.sinks import CsvSink, XlsxSink
from cxaudit.sample.speech import write_tickets
from cxaudit.sample.team import CRITERIA, REMARK_TOPICS
from cxaudit.sample.truth import Counts
from cxaudit.sample.world import AGENTS
from cxaudit.sample.zendesk import zendesk


class Files:
    """The exports, open while the chunks come in."""

    def __init__(self, directory: Path, stack: ExitStack) -> None:
        def csv(name: str, **options: str) -> CsvSink:
            return stack.enter_context(CsvSink(directory / name, **options))  # type: ignore[arg-type]

        self.orders = csv("shopify_commandes.csv")
        self.tickets = csv("zendesk_tickets.csv")
        self.reviews = csv("trustpilot_avis.csv")
        self.csat = csv("enquete_csat.csv", separator=";", encoding="cp1252", line_end="\r\n")
        self.journeys = csv("enquete_nps_ces.csv", separator=";", encoding="cp1252", line_end="\r\n")
        self.mails = csv("emails.csv")
        self.returns = csv("retours.csv", separator=";", encoding="utf-8-sig")
        self.calls = csv("appels.csv", separator=";")
        self.remarks = csv("remarques_conseillers.csv")
        self.events = csv("evenements.csv")
        self.gestures = stack.enter_context(
            XlsxSink(
                directory / "gestes_commerciaux.xlsx", "Gestes",
                ("Maison Alba – suivi des gestes commerciaux", "Extraction du 30/09/2026, montants TTC en euros"),
                ("N° de geste", "Accordé le", "E-mail client", "N° de commande", "N° de ticket", "Type de geste",
                 "Coût (€)", "Code", "Valable jusqu'au", "Utilisé le", "Réponse du client le"),
                (12, 17, 34, 14, 12, 22, 10, 14, 14, 17, 17),
            )
        )  # fmt: skip
        self.listening = stack.enter_context(
            XlsxSink(
                directory / "grille_ecoute.xlsx", "Écoutes", ("Grille d'écoute et de relecture – service clients",),
                ("Date d'écoute", "N° de ticket", "Conseiller", "Critère", "Note", "Note maximale", "Commentaire"),
                (17, 12, 20, 28, 8, 14, 50),
            )
        )  # fmt: skip
        self.gesture_cost = 0.0

    def rows(self) -> dict[str, int]:
        """Rows written to each file, headers apart."""
        sinks = (
            self.orders, self.tickets, self.reviews, self.csat, self.journeys, self.mails, self.returns, self.calls,
            self.remarks, self.events, self.gestures, self.listening,
        )  # fmt: skip
        return {sink.path.name: sink.rows for sink in sinks}

    def add(self, chunk: Chunk, numbers: Numbers, seed: int, number: int) -> None:
        """Append one chunk to every file."""
        rng = stage_rng(seed, number, 30)
        random = Random(seed * 1_000_003 + number)
        orders, customers, tickets = chunk.orders, chunk.customers, chunk.tickets
        names = order_names(orders, numbers.order)
        ids = ticket_ids(tickets, numbers.ticket)
        scene = Scene(customers, orders, names)
        texts = write_tickets(scene, tickets, chunk.ticket_voices, chunk.answers, seed * 7919 + number)
        self.orders.add(shopify(orders, customers, names, numbers, rng))
        self.tickets.add(zendesk(tickets, texts, orders, customers, names, chunk.unlinked, numbers, rng))
        self.reviews.add(_reviews(chunk, scene, names, numbers, rng, random))
        survey = layouts.survey(chunk.surveys, _comments(chunk, scene, random), names, ids, customers)
        self.csat.add(survey.filter(pl.col("Enquête") == "CSAT").drop("N° de ticket"))
        self.journeys.add(survey.filter(pl.col("Enquête") != "CSAT"))
        self.mails.add(layouts.mails(chunk.mails, customers))
        self.returns.add(layouts.returns(orders, customers, names, numbers, rng))
        self.calls.add(layouts.calls(chunk.calls, customers, ids, self.calls.rows + 1))
        self.remarks.add(_remarks(chunk, scene, ids, random))
        self.gestures.add(_gesture_rows(chunk, names, ids, self.gestures.rows))
        self.gesture_cost += float(chunk.gestures.cost.sum())
        self.listening.add(_listening_rows(chunk, ids, scene, random))

    def finish(self, counts: Counts) -> None:
        """The event list and the total under the gestures."""
        self.events.add(
            pl.DataFrame(
                [(e.name, e.kind, e.starts_on.isoformat(), e.ends_on.isoformat(), e.scope) for e in EVENTS],
                schema=["name", "kind", "starts_on", "ends_on", "scope"],
                orient="row",
            )
        )
        self.gestures.footer(["TOTAL", None, None, None, None, None, round(self.gesture_cost, 2)])


def _reviews(
    chunk: Chunk, scene: Scene, names: np.ndarray, numbers: Numbers, rng: np.random.Generator, random: Random
) -> pl.DataFrame:
    rows, voices = chunk.reviews, chunk.review_voices
    titles, bodies, answers = [], [], []
    for n in range(len(rows)):
        level = 0 if rows.stars[n] <= 2 else 1 if rows.stars[n] == 3 else 2
        opinion = Opinion(int(rows.order[n]), int(rows.customer[n]), int(rows.at[n]), level, int(voices.first[n]),
                          int(voices.second[n]))  # fmt: skip
        title, body = write_review(scene, opinion, random)
        titles.append(title)
        bodies.append(body)
        answers.append(_company_answer(scene, opinion, random) if rows.replied_at[n] != NEVER else "")
    return layouts.trustpilot(rows, titles, bodies, answers, names, chunk.customers, numbers, rng)


def _company_answer(scene: Scene, opinion: Opinion, random: Random) -> str:
    facts = scene.facts(opinion.order, opinion.customer, opinion.at, random)
    side = "good" if opinion.level == 2 else "bad"
    facts["agent"] = AGENTS[int(random.random() * len(AGENTS))]
    return tidied(grammar("opinions").compose([f"answer.{side}"], facts, random))


def _comments(chunk: Chunk, scene: Scene, random: Random) -> list[str]:
    rows, voices = chunk.surveys, chunk.survey_voices
    level = survey_level(rows)
    said = [""] * len(rows)
    for n in np.flatnonzero(chunk.commented):
        opinion = Opinion(int(rows.order[n]), int(rows.customer[n]), int(rows.answered_at[n]), int(level[n]),
                          int(voices.first[n]), int(voices.second[n]))  # fmt: skip
        said[n] = write_comment(scene, opinion, random)
    return said


def _remarks(chunk: Chunk, scene: Scene, ids: np.ndarray, random: Random) -> pl.DataFrame:
    rows = chunk.remarks
    words = grammar("opinions")
    texts = []
    for n in range(len(rows)):
        order = int(chunk.tickets.order[rows.ticket[n]])
        facts = scene.facts(order, int(chunk.tickets.customer[rows.ticket[n]]), int(rows.at[n]), random)
        texts.append(tidied(words.compose([f"remark.{REMARK_TOPICS[rows.topic[n]]}"], facts, random)))
    return text_frame(
        {
            "Noté le": stamps(rows.at),
            "Conseiller": np.array(AGENTS, dtype=object)[rows.agent],
            "Thème": np.array(REMARK_TOPICS, dtype=object)[rows.topic],
            "N° de ticket": ids[rows.ticket].astype(str),
            "Remarque": texts,
        }
    )


def _gesture_rows(chunk: Chunk, names: np.ndarray, ids: np.ndarray, first: int) -> list[list[object]]:
    rows = chunk.gestures
    at, used, answered = (moments(t).to_list() for t in (rows.at, rows.redeemed_at, rows.replied_at))
    until = moments(np.where(rows.kind == VOUCHER, rows.at + 180 * 86_400, NEVER)).to_list()
    return [
        [
            f"G{first + n + 1:06d}", at[n], chunk.customers.email[rows.customer[n]], names[rows.order[n]],
            float(ids[rows.ticket[n]]), GESTURES[rows.kind[n]], float(rows.cost[n]),
            f"ALBA-{first + n + 1:06X}" if rows.kind[n] == VOUCHER else None, until[n], used[n], answered[n],
        ]
        for n in range(len(rows))
    ]  # fmt: skip


def _listening_rows(chunk: Chunk, ids: np.ndarray, scene: Scene, random: Random) -> list[list[object]]:
    rows = chunk.listening
    at = moments(rows.at).to_list()
    words = grammar("opinions")
    return [
        [
            at[n], float(ids[rows.ticket[n]]), AGENTS[chunk.tickets.agent[rows.ticket[n]]],
            CRITERIA[rows.criterion[n]], float(rows.score[n]), 5.0,
            words.compose(["listening.any"], {}, random) if random.random() < 0.25 else None,
        ]
        for n in range(len(rows))
    ]  # fmt: skip
