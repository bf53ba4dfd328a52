"""What the client's own words mean: statuses, reasons, kinds, journeys and channels sorted into classes; scores into scales.

Everything is a default that a person may correct: the classes are shown with their counts, never applied unseen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

OTHER = "other"

# In order: the first class whose pattern is found wins, so the narrow stand before the wide ("remboursement partiel"
# before "remboursé", "non payé" before "payé"). Patterns meet text without case, accents or punctuation.
Rules = tuple[tuple[str, str], ...]

_ORDER_STATUS: Rules = (
    ("test", r"\btest"),
    ("draft", r"brouillon|draft|entwurf|borrador|bozza|concept\b"),
    (
        "partially_refunded",
        r"(parti\w*|teil\w*|gedeeltelijk) ?(rembours|refund|erstatt|reembols|rimbors|terugbet)"
        r"|(rembours|refund|reembols|rimbors|erstatt)\w* (parti|parzi|teil)",
    ),
    (
        "pending",
        r"impaye|non paye|pas paye|unpaid|not paid|attente (de |du )?(paie|regl|virement|cheque)|awaiting (payment|check|bank)"
        r"|pending|authori[sz]ed|autorise|on hold|partially paid|partiellement paye|unbezahlt|ausstehend|pendiente|in attesa",
    ),
    ("refunded", r"rembours|refund|erstatt|reembols|rimbors|terugbet|charge ?back|retrofactur"),
    (
        "cancelled",
        r"annul|cancel|void|storn|anulad|geannul|echou|echec|erreur (de )?paie|payment error|failed|declin|refuse|rejet"
        r"|abandon|expire",
    ),
    (
        "paid",
        r"paye|paid|regle|complet|termin|livr|deliver|ship|exped|envoy|prepar|processing|traitement|fulfil|accept|closed"
        r"|bezahlt|versand|versend|geliefert|zugestellt|abgeschlossen|pagad|pagat|enviad|entregad|spedit|consegnat|completat"
        r"|betaald|verzonden|geleverd|afgerond|valid|confirm|\bok\b|facture",
    ),
    ("pending", r"attente|awaiting|en cours|in progress|wartend|offen|open"),
)

_TICKET_STATUS: Rules = (
    ("spam", r"spam|indesirable|junk|deleted|supprime"),
    ("merged", r"fusion|merged|zusammengefuhrt|doublon|duplicate"),
    ("open", r"non (resolu|traite|clos)|unsolved|unresolved|not (solved|resolved)|reouvert|rouvert|reopen|ungelost"),
    (
        "solved",
        r"solved|resolved|closed|resolu|clos|clotur|ferme|termin|done|traite|complet|geschlossen|gelost|erledigt|cerrad"
        r"|resuelt|chius|risolt|gesloten|opgelost|afgehandeld|fechad|archiv",
    ),
    (
        "open",
        r"open|ouvert|new|nouveau|pending|attente|hold|en cours|assign|progress|offen|neu|abiert|nuev|apert|nuov|wacht|active"
        r"|actif|snooz|pause|wait|a traiter|todo",
    ),
)

_TICKET_REASON: Rules = (
    (
        "question",
        r"ou est ma commande|where is my order|wismo|^suivi|^tracking|order status|statut (de )?commande|^question"
        r"|^demande d (info|aide|conseil|facture|devis)|^information",
    ),
    (
        "complaint",
        r"retard|delay|\blate\b|delai|verspat|retras|ritard|vertrag|non (recu|livr|conform|rembours)|pas (recu|livr|rembours)"
        r"|jamais (recu|livr)|not (received|delivered|refunded)|nicht (erhalten|geliefert)|perdu|\blost\b|missing|manqu|incomplet"
        r"|casse|abime|endommag|damage|broken|beschadig|danad|danneggi|defect|defaut|defekt|difettos|panne|malfunction|hors service"
        r"|rembours|refund|erstattung|reembols|rimbors|terugbetal|erreur|error|wrong|mauvais|incorrect|falsch|erron|sbagliat"
        r"|qualit|reclam|plainte|complaint|claim|beschwerde|reklamation|queja|klacht|litige|dispute|contest|insatisf|mecontent"
        r"|unhappy|dissatisf|probleme|problem|incident|anomalie|bug|dysfonction|double (debit|paie)|surfactur|overcharg|facture deux fois"
        r"|billed twice|charged twice|vol\b|stolen|fraude|fraud|garantie|warranty|sav\b",
    ),
    (
        "question",
        r"question|information|info\b|infos\b|renseign|demande|request|enquir|inquir|conseil|advice|facture|invoice|suivi|tracking"
        r"|status|statut|modif|change|changement|annul|cancel|adresse|address|disponib|availab|stock|taille|size|guide|devis|quote"
        r"|compte|account|mot de passe|password|promo|code|fidelite|loyalty|newsletter|rgpd|gdpr|pre ?achat|pre ?sale|presale"
        r"|comment|how to|utilisation|usage|produit|product|remerciement|compliment|felicitation|thanks|anfrage|frage|consulta"
        r"|domanda|vraag|rechnung|fattura|factura",
    ),
)

_SURVEY_KIND: Rules = (
    ("nps", r"nps|promot|recomm|weiterempf|raccomand|aanbevel"),
    ("ces", r"\bces\b|effort|facil|\bease|easy|aufwand|esfuerzo|sforzo|moeite"),
    ("csat", r"csat|satisf|zufried|soddisf|tevred|a chaud|\bc sat\b"),
)

_SURVEY_JOURNEY: Rules = (
    ("return", r"retour|return|rembours|refund|reso|devoluc|ruck|echange|exchange|reprise"),
    (
        "support",
        r"support|service client|sav\b|ticket|contact|assist|appel|call|help|customer service|conseiller|agent|kundenservice|soporte"
        r"|atencion|servizio|klantenservice|reclam|litige|\bchat",
    ),
    (
        "purchase",
        r"achat|commande|purchase|order|checkout|livraison|delivery|boutique|store|kauf|bestell|compra|pedido|acquisto|ordine"
        r"|aankoop|panier|web|site|produit|product",
    ),
)

_EMAIL_JOURNEY: Rules = (
    (
        "dispute",
        r"litige|dispute|reclam|complaint|plainte|sav\b|support|service client|rembours|refund|geste|excuse|apolog|incident|ticket"
        r"|dedommag|compens|retour|return",
    ),
    (
        "marketing",
        r"marketing|promo|newsletter|offre|offer|solde|sale\b|sales\b|campagne|campaign|relance|abandon|welcome|bienvenue"
        r"|black friday|vente privee|nouveaut|new arrival|lancement|launch|fidelit|loyalty|anniversaire|birthday|win ?back|reactiv"
        r"|infolettre|noel|christmas",
    ),
    (
        "order",
        r"commande|order|expedi|ship|livraison|deliver|transaction|confirmation|facture|invoice|tracking|suivi|achat|purchase|paiement"
        r"|payment|avis|review|enquete|survey|bestell|pedido|ordine",
    ),
)

_CHANNEL: Rules = (
    ("chat", r"chat|messag(ing|erie)|live|widget|bot\b|messenger|whats ?app|sms|imessage|intercom"),
    ("social", r"social|reseau|facebook|instagram|twitter|tiktok|linkedin|\bx\b|meta|youtube|sozial|redes"),
    ("phone", r"phone|tel|voice|voix|vocal|appel|call|anruf|llamada|chiamata|voip|aircall|talk"),
    ("email", r"mail|courriel|correo|posta elettronica"),
    ("form", r"form|web|site|portail|portal|contact page|help ?cent|api|rueckruf|modulo|kontaktseite"),
)

_GESTURE_KIND: Rules = (
    (
        "free_shipping",
        r"(livraison|port|frais|shipping|delivery|versand|envio|spedizione|verzend)\w*( \w+)* ?(offert|gratuit|free|kostenlos|gratis)"
        r"|free (shipping|delivery)|franco|gratis (versand|verzend)|versandkostenfrei",
    ),
    ("refund", r"rembours|refund|erstatt|reembols|rimbors|terugbet|geld"),
    ("gift", r"cadeau|gift(?! ?card)|goodie|echantillon|sample|geschenk|regalo|produit offert|offert|surprise"),
    (
        "voucher",
        r"bon|avoir|voucher|coupon|code|remise|reduction|discount|promo|credit|gift ?card|carte|gutschein|rabatt|vale|cupon|buono"
        r"|sconto|korting|tegoed|cheque|points",
    ),
)

_EVENT_KIND: Rules = (
    ("tool_change", r"tool|outil|migration|changement|change|crm|logiciel|software|process|definition|helpdesk"),
    (
        "incident",
        r"incident|greve|strike|panne|outage|retard|delay|rupture|rappel|recall|crise|crisis|bug|storung|streik|intemperie|cyber"
        r"|sciopero|huelga|staking",
    ),
    ("launch", r"launch|lancement|nouveau|new |sortie|release|einfuhrung|lanzamiento|lancio|ouverture"),
    ("promotion", r"promo|solde|sale|vente privee|french days|remise|discount|offre|offer|rabatt|rebajas|saldi"),
    ("peak", r"peak|pic|black ?friday|cyber|spitze|pico|picco|rush"),
    ("season", r"saison|season|noel|christmas|ete|summer|vacances|holiday|rentree|fete|valentin|temporada|stagione"),
)

_SCALE: Rules = (
    ("0-10", r"\b0 (?:a |to |bis |\w )?10\b|nps"),
    ("1-10", r"\b1 (?:a |to |bis |\w )?10\b"),
    ("1-7", r"\b1 (?:a |to |bis |\w )?7\b|^7$|sur 7"),
    ("1-5", r"\b1 (?:a |to |bis |\w )?5\b|^5$|sur 5|stars|etoiles"),
    ("0-100", r"\b0 (?:a |to |\w )?100\b|^100$|percent|pourcent|sur 100"),
    ("0-10", r"^10$|sur 10|out of 10"),
    ("good-bad", r"good|bad|pouce|thumb|binaire|satisfait"),
)

RULES: Mapping[tuple[str, str], Rules] = {
    ("orders", "status"): _ORDER_STATUS,
    ("tickets", "status"): _TICKET_STATUS,
    ("tickets", "reason"): _TICKET_REASON,
    ("tickets", "channel"): _CHANNEL,
    ("surveys", "kind"): _SURVEY_KIND,
    ("surveys", "journey"): _SURVEY_JOURNEY,
    ("surveys", "scale"): _SCALE,
    ("emails", "journey"): _EMAIL_JOURNEY,
    ("gestures", "kind"): _GESTURE_KIND,
    ("events", "kind"): _EVENT_KIND,
}

# A class word itself is always its own class, in every table: the templates are filled in with these.
CLASSES: Mapping[tuple[str, str], tuple[str, ...]] = {
    place: tuple(dict.fromkeys([name for name, _ in rules] + [OTHER])) for place, rules in RULES.items()
}

SCALES = ("1-5", "0-10", "1-10", "1-7", "good-bad", "0-100")
# SIGNALS §2: 4–5 of 5, 8–10 of 10, 6–7 of 7, Good; the lowest: 1–2, 0–4, 1–3, Bad. 0–100 follows 0–10, tenfold.
_SATISFIED = {"1-5": 4.0, "0-10": 8.0, "1-10": 8.0, "1-7": 6.0, "good-bad": 1.0, "0-100": 80.0}
_DISSATISFIED = {"1-5": 2.0, "0-10": 4.0, "1-10": 4.0, "1-7": 3.0, "good-bad": 0.0, "0-100": 40.0}


def plain(text: str) -> str:
    """`text` without case, accents and punctuation, its words one space apart."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[^0-9a-z]+", " ", bare).strip()


def classify(table: str, field: str, values: Iterable[str]) -> dict[str, str]:
    """The class of each of the client's values of `table.field`; `other` where no rule speaks.

    Empty where the field has no classes.
    """
    rules = RULES.get((table, field))
    if rules is None:
        return {}
    return {value: _class_of(plain(value), rules) for value in values if value is not None}


def _class_of(text: str, rules: Rules) -> str:
    for name, _ in rules:
        if text == plain(name):
            return name
    for name, pattern in rules:
        if re.search(pattern, text):
            return name
    return OTHER


def infer_scale(kind: str | None, scores: Iterable[float | None]) -> str | None:
    """The scale that the scores of one survey are on, or None where the values do not settle it.

    NPS is 0-10 by definition; an effort score of up to 5 seen on fewer than 30 answers may still be out of 7.
    """
    seen = [float(score) for score in scores if score is not None]
    if not seen:
        return None
    low, high, distinct = min(seen), max(seen), set(seen)
    if low < 0 or high > 100:
        return None
    if kind == "nps":
        return "0-10" if high <= 10 else None
    if distinct <= {0.0, 1.0} and len(distinct) == 2:
        return "good-bad"
    if high <= 5:
        if low < 1:
            return None
        return "1-5" if kind != "ces" or len(seen) >= 30 else "1-7"
    if high <= 7 and low >= 1 and (kind == "ces" or len(seen) >= 30):
        return "1-7"
    if high <= 10:
        return "0-10" if low < 1 else "1-10"
    return "0-100"


def satisfied(score: Any, scale: Any) -> Any:
    """Whether `score` is in the satisfied class of `scale`: an expression or series in, a Boolean one out.

    `scale` is one of SCALES, or an expression whose values are; other scales give False.
    """
    if isinstance(scale, str):
        return score >= _SATISFIED[scale]
    return _any([(scale == name) & (score >= bound) for name, bound in _SATISFIED.items()])


def dissatisfied(score: Any, scale: Any) -> Any:
    """Whether `score` is in the dissatisfied class of `scale`; as `satisfied`."""
    if isinstance(scale, str):
        return score <= _DISSATISFIED[scale]
    return _any([(scale == name) & (score <= bound) for name, bound in _DISSATISFIED.items()])


def _any(conditions: list[Any]) -> Any:
    found = conditions[0]
    for condition in conditions[1:]:
        found = found | condition
    return found
