"""`write_sample`: the chunks in turn, each simulated, put in words and appended to the files."""

import math
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import polars as pl

from cxaudit.sample import contacts, layouts, signs, speech
from cxaudit.sample.answers import Answers, draw_answers
from cxaudit.sample.calendar import EVENTS, NEVER
from cxaudit.sample.catalogue import Customers, draw_customers
from cxaudit.sample.contacts import Tickets
from cxaudit.sample.draws import stage_rng
from cxaudit.sample.layouts import Numbers
from cxaudit.sample.orders import Orders, deter, draw_orders, trim
from cxaudit.sample.prose import grammar
from cxaudit.sample.signs import Calls, Gestures, Listening, Mails, Remarks, Reviews, Surveys
from cxaudit.sample.sinks import CsvSink, XlsxSink
from cxaudit.sample.speech import Opinion, Scene, Voices
from cxaudit.sample.truth import Counts, truth_toml
from cxaudit.sample.world import AGENTS, World

CHUNK = 50_000
MAX_ORDERS = 10_000_000
MAX_LISTENED, MAX_REMARKS = 12_000, 20_000
CUSTOMERS_PER_ORDER = 4  # numbers set aside for a chunk's customers, so that ids and mails never meet


@dataclass(frozen=True)
class Complaints:
    """By order: whether its complaint is the customer's first, whether it took a repurchase away, and its time."""

    first: np.ndarray
    taken: np.ndarray
    at: np.ndarray


@dataclass(frozen=True)
class Chunk:
    """Everything that happened to one lot of customers."""

    customers: Customers
    orders: Orders
    complaints: Complaints
    tickets: Tickets
    cells: np.ndarray
    surveys: Surveys
    reviews: Reviews
    gestures: Gestures
    mails: Mails
    calls: Calls
    listening: Listening
    remarks: Remarks
    answers: Answers
    unlinked: np.ndarray
    ticket_voices: Voices
    review_voices: Voices
    survey_voices: Voices
    commented: np.ndarray  # survey answers that come with words


def simulate(size: int, total: int, seed: int, number: int, world: World) -> Chunk:
    """One chunk of `size` orders out of `total`."""
    rng = lambda stage: stage_rng(seed, number, stage)  # noqa: E731
    candidates = draw_orders(size, world, rng(1))
    first = contacts.first_contacts(candidates, world, rng(2))
    deterred = deter(candidates, first.complained_at(), world, rng(3))
    alive = np.flatnonzero(deterred.kept)
    kept = alive[trim(candidates.take(alive), size, rng(4))]
    orders = candidates.take(kept)
    customers = draw_customers(int(candidates.customer.max()) + 1, number * CHUNK * CUSTOMERS_PER_ORDER + 1, rng(5))
    first = contacts.FirstContacts(first.reason[kept], first.at[kept])
    tickets = contacts.draw_tickets(orders, first, len(customers), world, rng(6))
    cells = signs.order_cells(orders, tickets)
    surveys = signs.join_surveys(
        [
            signs.csat_surveys(orders, cells, world, rng(7)),
            *signs.journey_surveys(orders, tickets, cells, world, rng(8)),
        ]
    )
    reviews = signs.draw_reviews(orders, cells, world, rng(9))
    level = np.where(reviews.stars <= 2, 0, np.where(reviews.stars == 3, 1, 2))
    return Chunk(
        customers=customers,
        orders=orders,
        complaints=Complaints(deterred.first[kept], deterred.taken[kept], first.complained_at()),
        tickets=tickets,
        cells=cells,
        surveys=surveys,
        reviews=reviews,
        gestures=signs.draw_gestures(orders, tickets, surveys, world, rng(10)),
        mails=signs.draw_mails(customers, orders, tickets, world, rng(11)),
        calls=signs.draw_calls(orders, tickets, world, rng(12)),
        listening=signs.draw_listening(tickets, min(0.05, MAX_LISTENED / (total * 0.4)), rng(13)),
        remarks=signs.draw_remarks(tickets, min(0.06, MAX_REMARKS / (total * 0.4)), rng(14)),
        answers=draw_answers(orders, tickets, world, rng(20)),
        unlinked=rng(15).random(len(orders)) < 0.03,
        ticket_voices=speech.ticket_voices(tickets, world, rng(16)),
        review_voices=speech.opinion_voices(level, world.irony_low_reviews, reviews.at, rng(17)),
        commented=(surveys.answered_at != NEVER) & (rng(19).random(len(surveys)) < world.comments),
        survey_voices=speech.opinion_voices(_survey_level(surveys), world.irony_low_comments, surveys.sent_at, rng(18)),
    )


def _survey_level(surveys: Surveys) -> np.ndarray:
    top = np.array((5, 10, 7))[surveys.kind]
    return np.select([surveys.score <= top * 0.6, surveys.score < top * 0.8], [0, 1], 2)


def write_sample(
    directory: Path,
    *,
    orders: int = 12_000,
    seed: int = 7,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Write the invented brand's exports and `truth.toml` into `directory` (made if needed).

    The same arguments give the same bytes. Chunks of 50 000 orders are written as they come, so that memory does not
    grow with `orders` (1 to 10 million). Files of the same names are replaced once all are complete, never before.
    `progress` receives the share done (0-1).
    """
    if not 1 <= orders <= MAX_ORDERS:
        raise ValueError(f"orders must be between 1 and {MAX_ORDERS}, not {orders}")
    directory.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".sample-", dir=directory))
    try:
        _write(draft, orders, seed, World(), progress or (lambda share: None))
        for file in sorted(draft.iterdir()):
            file.replace(directory / file.name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write(directory: Path, total: int, seed: int, world: World, progress: Callable[[float], None]) -> None:
    counts = Counts()
    with ExitStack() as stack:
        files = Files(directory, stack)
        chunks = math.ceil(total / CHUNK)
        for number in range(chunks):
            size = min(CHUNK, total - number * CHUNK)
            chunk = simulate(size, total, seed, number, world)
            numbers = Numbers(number * CHUNK, number * CHUNK * CUSTOMERS_PER_ORDER, counts.tickets)
            files.add(chunk, numbers, seed, number)
            counts.add(chunk)
            progress((number + 1) / chunks)
        files.finish(counts)
        rows = files.rows()
    (directory / "truth.toml").write_text(truth_toml(world, counts, rows, total, seed), encoding="utf-8")


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
        names = layouts.order_names(orders, numbers.order)
        ids = layouts.ticket_ids(tickets, numbers.ticket)
        scene = Scene(customers, orders, names)
        texts = speech.write_tickets(scene, tickets, chunk.ticket_voices, chunk.answers, seed * 7919 + number)
        self.orders.add(layouts.shopify(orders, customers, names, numbers, rng))
        self.tickets.add(layouts.zendesk(tickets, texts, orders, customers, names, chunk.unlinked, numbers, rng))
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
        title, body = speech.write_review(scene, opinion, random)
        titles.append(title)
        bodies.append(body)
        answers.append(_company_answer(scene, opinion, random) if rows.replied_at[n] != NEVER else "")
    return layouts.trustpilot(rows, titles, bodies, answers, names, chunk.customers, numbers, rng)


def _company_answer(scene: Scene, opinion: Opinion, random: Random) -> str:
    facts = scene.facts(opinion.order, opinion.customer, opinion.at, random)
    side = "good" if opinion.level == 2 else "bad"
    facts["agent"] = AGENTS[int(random.random() * len(AGENTS))]
    return speech.tidied(grammar("opinions").compose([f"answer.{side}"], facts, random))


def _comments(chunk: Chunk, scene: Scene, random: Random) -> list[str]:
    rows, voices = chunk.surveys, chunk.survey_voices
    level = _survey_level(rows)
    said = [""] * len(rows)
    for n in np.flatnonzero(chunk.commented):
        opinion = Opinion(int(rows.order[n]), int(rows.customer[n]), int(rows.answered_at[n]), int(level[n]),
                          int(voices.first[n]), int(voices.second[n]))  # fmt: skip
        said[n] = speech.write_comment(scene, opinion, random)
    return said


def _remarks(chunk: Chunk, scene: Scene, ids: np.ndarray, random: Random) -> pl.DataFrame:
    rows = chunk.remarks
    words = grammar("opinions")
    texts = []
    for n in range(len(rows)):
        order = int(chunk.tickets.order[rows.ticket[n]])
        facts = scene.facts(order, int(chunk.tickets.customer[rows.ticket[n]]), int(rows.at[n]), random)
        texts.append(speech.tidied(words.compose([f"remark.{signs.REMARK_TOPICS[rows.topic[n]]}"], facts, random)))
    return layouts.text_frame(
        {
            "Noté le": layouts.stamps(rows.at),
            "Conseiller": np.array(AGENTS, dtype=object)[rows.agent],
            "Thème": np.array(signs.REMARK_TOPICS, dtype=object)[rows.topic],
            "N° de ticket": ids[rows.ticket].astype(str),
            "Remarque": texts,
        }
    )


def _gesture_rows(chunk: Chunk, names: np.ndarray, ids: np.ndarray, first: int) -> list[list[object]]:
    rows = chunk.gestures
    at, used, answered = (layouts.moments(t).to_list() for t in (rows.at, rows.redeemed_at, rows.replied_at))
    until = layouts.moments(np.where(rows.kind == signs.VOUCHER, rows.at + 180 * 86_400, NEVER)).to_list()
    return [
        [
            f"G{first + n + 1:06d}", at[n], chunk.customers.email[rows.customer[n]], names[rows.order[n]],
            float(ids[rows.ticket[n]]), signs.GESTURES[rows.kind[n]], float(rows.cost[n]),
            f"ALBA-{first + n + 1:06X}" if rows.kind[n] == signs.VOUCHER else None, until[n], used[n], answered[n],
        ]
        for n in range(len(rows))
    ]  # fmt: skip


def _listening_rows(chunk: Chunk, ids: np.ndarray, scene: Scene, random: Random) -> list[list[object]]:
    rows = chunk.listening
    at = layouts.moments(rows.at).to_list()
    words = grammar("opinions")
    return [
        [
            at[n], float(ids[rows.ticket[n]]), AGENTS[chunk.tickets.agent[rows.ticket[n]]],
            signs.CRITERIA[rows.criterion[n]], float(rows.score[n]), 5.0,
            words.compose(["listening.any"], {}, random) if random.random() < 0.25 else None,
        ]
        for n in range(len(rows))
    ]  # fmt: skip
