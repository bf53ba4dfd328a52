"""Made exports: layouts of invented tools, by varying names, order, language, dates, numbers and other columns.

The names are what people in shops and help desks write; they were written down without the product's own lists at hand.
Each made sheet knows which column is which field, so that recognition can be measured.
"""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from cxaudit.ingest.read_layout import LINE
from cxaudit.ingest.sources import Sheet

LANGUAGES = ("fr", "en", "de", "es", "it", "nl")

# table → field → names by language; the fields in REQUIRED are always in the file.
NAMES: dict[str, dict[str, dict[str, list[str]]]] = {
    "orders": {
        "order_id": {
            "fr": [
                "N° commande",
                "Num cde",
                "Référence de la commande",
                "commande_id",
                "NumeroCommande",
                "Cde n°",
                "ID_COMMANDE",
            ],
            "en": ["Order No.", "order_ref", "OrderNumber", "Purchase ID", "ORDER_ID", "Sales order #"],
            "de": ["Bestellnummer", "Bestell-Nr.", "Auftragsnummer"],
            "es": ["Número de pedido", "Nº pedido", "ID del pedido"],
            "it": ["Numero ordine", "ID ordine", "Rif. ordine"],
            "nl": ["Ordernummer", "Bestelnummer"],
        },
        "ordered_at": {
            "fr": ["Date cde", "Date de la commande", "Commandée le", "date_commande", "Date achat", "Jour de vente"],
            "en": ["Order placed on", "order_date", "Purchased", "Date of purchase", "orderedAt", "Sold at"],
            "de": ["Bestelldatum", "Auftragsdatum", "Bestellt am"],
            "es": ["Fecha de pedido", "Fecha del pedido", "Fecha de compra"],
            "it": ["Data ordine", "Data dell'ordine", "Data acquisto"],
            "nl": ["Besteldatum", "Orderdatum"],
        },
        "customer_email": {
            "fr": [
                "Mail",
                "E-mail du client",
                "email_client",
                "Courriel",
                "Adresse mail",
                "Adresse électronique du client",
            ],
            "en": ["Customer e-mail", "buyer_email", "Email Address", "Shopper email", "customerEmail"],
            "de": ["E-Mail", "Kunden-E-Mail", "E-Mail-Adresse"],
            "es": ["Correo electrónico", "Email cliente"],
            "it": ["Email cliente", "Indirizzo email"],
            "nl": ["E-mailadres", "E-mail klant"],
        },
        "amount": {
            "fr": [
                "Montant TTC",
                "Total TTC (€)",
                "montant_total",
                "Total payé",
                "CA TTC",
                "Total de la cde",
                "Net à payer",
            ],
            "en": ["Order total", "Total (EUR)", "grand_total", "Amount paid", "Total incl. VAT", "order_value"],
            "de": ["Gesamtbetrag", "Bestellwert", "Summe brutto", "Gesamtsumme"],
            "es": ["Importe total", "Total", "Total pedido"],
            "it": ["Totale", "Importo totale", "Totale ordine"],
            "nl": ["Totaalbedrag", "Orderbedrag"],
        },
        "status": {
            "fr": ["Statut", "Etat cde", "Statut commande"],
            "en": ["Status", "order_state", "Payment status"],
            "de": ["Status", "Bestellstatus"],
            "es": ["Estado", "Estado del pedido"],
            "it": ["Stato", "Stato ordine"],
            "nl": ["Status", "Orderstatus"],
        },
        "country": {
            "fr": ["Pays", "Pays livraison"],
            "en": ["Country", "Ship country", "country_code"],
            "de": ["Land", "Lieferland"],
            "es": ["País"],
            "it": ["Paese", "Nazione"],
            "nl": ["Land"],
        },
        "product": {
            "fr": ["Article", "Nom produit", "Désignation", "Libellé produit"],
            "en": ["Item", "product_title", "Product"],
            "de": ["Artikel", "Produktname"],
            "es": ["Producto", "Artículo"],
            "it": ["Prodotto", "Articolo"],
            "nl": ["Product", "Artikel"],
        },
        "delivered_at": {
            "fr": ["Livrée le", "Date de livraison effective", "date_livraison"],
            "en": ["Delivered on", "delivery_date", "Date delivered"],
            "de": ["Geliefert am", "Zustelldatum"],
            "es": ["Fecha de entrega", "Entregado el"],
            "it": ["Data consegna", "Consegnato il"],
            "nl": ["Geleverd op", "Leverdatum"],
        },
        "promised_at": {
            "fr": ["Livraison prévue", "Date promise au client", "Date de livraison estimée"],
            "en": ["Promised delivery", "Expected delivery date", "ETA"],
            "de": ["Voraussichtliches Lieferdatum", "Geplante Lieferung"],
            "es": ["Entrega prevista", "Fecha estimada de entrega"],
            "it": ["Consegna prevista", "Data di consegna stimata"],
            "nl": ["Verwachte leverdatum"],
        },
        "discount_code": {
            "fr": ["Code promo", "Code de réduction"],
            "en": ["Promo code", "coupon_code"],
            "de": ["Gutscheincode", "Rabattcode"],
            "es": ["Código de descuento", "Código promocional"],
            "it": ["Codice sconto"],
            "nl": ["Kortingscode"],
        },
    },
    "tickets": {
        "ticket_id": {
            "fr": ["N° ticket", "Numéro de dossier", "id_ticket", "Réf. demande", "Dossier n°"],
            "en": ["Ticket #", "case_number", "Case ID", "TicketId", "Conversation ID"],
            "de": ["Ticketnummer", "Vorgangsnummer", "Ticket-ID"],
            "es": ["Nº de ticket", "ID del caso"],
            "it": ["Numero ticket", "ID ticket"],
            "nl": ["Ticketnummer", "Zaaknummer"],
        },
        "created_at": {
            "fr": ["Créé le", "Date d'ouverture", "date_creation", "Reçu le", "Date de la demande", "Ouverture"],
            "en": ["Opened", "created", "Date opened", "Submitted on", "creation_date", "Received"],
            "de": ["Erstellt am", "Eingangsdatum", "Eröffnet am"],
            "es": ["Fecha de creación", "Creado el", "Fecha de apertura"],
            "it": ["Data apertura", "Creato il", "Data di creazione"],
            "nl": ["Aangemaakt op", "Aanmaakdatum"],
        },
        "order_id": {
            "fr": ["Commande", "N° de commande concerné", "Réf commande"],
            "en": ["Order", "order_number", "Related order"],
            "de": ["Bestellnummer", "Bestellung"],
            "es": ["Pedido", "Número de pedido"],
            "it": ["Ordine", "Numero ordine"],
            "nl": ["Bestelling", "Ordernummer"],
        },
        "customer_email": {
            "fr": ["Email demandeur", "Contact (email)", "Mail client", "Expéditeur"],
            "en": ["Requester email", "from_email", "Contact e-mail", "Customer Email"],
            "de": ["E-Mail des Kunden", "Absender"],
            "es": ["Correo del cliente", "Email solicitante"],
            "it": ["Email richiedente", "Email del cliente"],
            "nl": ["E-mail klant"],
        },
        "reason": {
            "fr": ["Motif", "Motif de contact", "Typologie", "Catégorie de demande", "Raison du contact"],
            "en": ["Reason", "contact_reason", "Category", "Issue category", "Type of request"],
            "de": ["Grund", "Kontaktgrund", "Kategorie"],
            "es": ["Motivo", "Motivo de contacto", "Categoría"],
            "it": ["Motivo", "Motivo del contatto", "Categoria"],
            "nl": ["Reden", "Contactreden", "Categorie"],
        },
        "channel": {
            "fr": ["Canal", "Canal d'entrée", "Source"],
            "en": ["Channel", "Contact channel", "Via"],
            "de": ["Kanal", "Eingangskanal"],
            "es": ["Canal"],
            "it": ["Canale"],
            "nl": ["Kanaal"],
        },
        "subject": {
            "fr": ["Objet", "Sujet", "Titre de la demande"],
            "en": ["Subject", "title", "Summary"],
            "de": ["Betreff"],
            "es": ["Asunto"],
            "it": ["Oggetto"],
            "nl": ["Onderwerp"],
        },
        "body": {
            "fr": ["Message", "Message du client", "Description", "Contenu de la demande", "Texte"],
            "en": ["Message", "description", "Customer message", "Body", "ticket_text"],
            "de": ["Nachricht", "Beschreibung"],
            "es": ["Mensaje", "Descripción"],
            "it": ["Messaggio", "Descrizione"],
            "nl": ["Bericht", "Omschrijving"],
        },
        "status": {
            "fr": ["Statut", "Etat du ticket"],
            "en": ["Status", "ticket_status", "State"],
            "de": ["Status"],
            "es": ["Estado"],
            "it": ["Stato"],
            "nl": ["Status"],
        },
        "agent": {
            "fr": ["Conseiller", "Traité par", "Agent en charge", "Assigné à"],
            "en": ["Agent", "Assigned agent", "handled_by", "Owner"],
            "de": ["Bearbeiter", "Zuständiger Mitarbeiter"],
            "es": ["Agente", "Agente asignado"],
            "it": ["Operatore", "Assegnato a"],
            "nl": ["Medewerker", "Behandelaar"],
        },
        "first_reply_at": {
            "fr": ["Première réponse le", "Date 1ère réponse", "date_premiere_reponse"],
            "en": ["First reply at", "first_response_date", "First responded on"],
            "de": ["Erste Antwort am", "Datum erste Antwort"],
            "es": ["Primera respuesta", "Fecha primera respuesta"],
            "it": ["Prima risposta il", "Data prima risposta"],
            "nl": ["Eerste antwoord op"],
        },
        "solved_at": {
            "fr": ["Clôturé le", "Date de clôture", "Résolu le", "date_resolution"],
            "en": ["Closed on", "resolved_at", "Resolution date", "Date closed"],
            "de": ["Gelöst am", "Geschlossen am", "Abschlussdatum"],
            "es": ["Fecha de cierre", "Resuelto el"],
            "it": ["Data chiusura", "Chiuso il"],
            "nl": ["Gesloten op", "Opgelost op"],
        },
    },
    "reviews": {
        "text": {
            "fr": ["Avis", "Commentaire", "Texte de l'avis", "contenu_avis", "Votre avis"],
            "en": ["Review", "Comment", "review_text", "Feedback", "Content"],
            "de": ["Bewertungstext", "Kommentar", "Rezension"],
            "es": ["Comentario", "Opinión", "Reseña"],
            "it": ["Recensione", "Commento"],
            "nl": ["Recensie", "Opmerking"],
        },
        "rating": {
            "fr": ["Note", "Nb étoiles", "Note sur 5", "note_client"],
            "en": ["Rating", "Stars", "star_rating", "Score"],
            "de": ["Sterne", "Anzahl Sterne", "Punktzahl"],
            "es": ["Puntuación", "Estrellas", "Valoración"],
            "it": ["Voto", "Stelle", "Valutazione"],
            "nl": ["Sterren", "Score"],
        },
        "created_at": {
            "fr": ["Publié le", "Date de l'avis", "Date", "date_depot"],
            "en": ["Posted on", "Review date", "Date", "published_at"],
            "de": ["Datum", "Veröffentlicht am"],
            "es": ["Fecha", "Fecha de publicación"],
            "it": ["Data", "Data recensione"],
            "nl": ["Datum", "Geplaatst op"],
        },
        "title": {
            "fr": ["Titre", "Titre de l'avis"],
            "en": ["Title", "Review headline"],
            "de": ["Titel"],
            "es": ["Título"],
            "it": ["Titolo"],
            "nl": ["Titel"],
        },
        "order_id": {
            "fr": ["N° commande", "Commande"],
            "en": ["Order number", "order_ref"],
            "de": ["Bestellnummer"],
            "es": ["Nº de pedido"],
            "it": ["Numero ordine"],
            "nl": ["Ordernummer"],
        },
        "customer_email": {
            "fr": ["Email", "Mail auteur"],
            "en": ["Email", "reviewer_email", "Author email"],
            "de": ["E-Mail"],
            "es": ["Correo"],
            "it": ["Email"],
            "nl": ["E-mail"],
        },
    },
    "surveys": {
        "score": {
            "fr": ["Note NPS", "Score NPS", "NPS", "Recommanderiez-vous notre marque à un proche ? (0-10)"],
            "en": ["NPS score", "NPS", "How likely are you to recommend us to a friend? (0-10)"],
            "de": ["NPS-Wert", "NPS", "Weiterempfehlung (NPS)"],
            "es": ["Puntuación NPS", "NPS"],
            "it": ["Punteggio NPS", "NPS"],
            "nl": ["NPS-score", "NPS"],
        },
        "answered_at": {
            "fr": ["Répondu le", "Date de réponse", "Date réponse", "Complété le"],
            "en": ["Responded at", "Response date", "Completed on", "Submitted"],
            "de": ["Beantwortet am", "Antwortdatum"],
            "es": ["Fecha de respuesta", "Respondido el"],
            "it": ["Data risposta", "Data di risposta"],
            "nl": ["Beantwoord op", "Antwoorddatum"],
        },
        "sent_at": {
            "fr": ["Envoyé le", "Date d'envoi", "Sollicité le"],
            "en": ["Sent on", "Survey sent", "send_date"],
            "de": ["Gesendet am", "Versanddatum der Umfrage"],
            "es": ["Enviado el", "Fecha de envío"],
            "it": ["Inviato il", "Data invio"],
            "nl": ["Verzonden op", "Verzenddatum"],
        },
        "customer_email": {
            "fr": ["Email", "Mail du répondant"],
            "en": ["Email", "Respondent email"],
            "de": ["E-Mail"],
            "es": ["Correo electrónico"],
            "it": ["Email"],
            "nl": ["E-mail"],
        },
        "comment": {
            "fr": ["Commentaire", "Verbatim", "Pourquoi cette note ?"],
            "en": ["Comment", "Verbatim", "Why did you give this score?"],
            "de": ["Kommentar", "Anmerkung"],
            "es": ["Comentario", "Comentarios"],
            "it": ["Commento"],
            "nl": ["Opmerking", "Toelichting"],
        },
        "order_id": {
            "fr": ["Commande", "N° de commande"],
            "en": ["Order ID", "order"],
            "de": ["Bestellnummer"],
            "es": ["Pedido"],
            "it": ["Ordine"],
            "nl": ["Ordernummer"],
        },
    },
    "gestures": {
        "granted_at": {
            "fr": ["Accordé le", "Date du geste", "Date", "Date d'octroi", "date_emission"],
            "en": ["Granted on", "Date given", "Date", "issued_at"],
            "de": ["Gewährt am", "Datum", "Ausgestellt am"],
            "es": ["Fecha", "Concedido el"],
            "it": ["Data", "Concesso il"],
            "nl": ["Datum", "Toegekend op"],
        },
        "customer_email": {
            "fr": ["Client (email)", "Email client"],
            "en": ["Customer email", "Email"],
            "de": ["E-Mail Kunde"],
            "es": ["Email del cliente"],
            "it": ["Email cliente"],
            "nl": ["E-mail klant"],
        },
        "order_id": {
            "fr": ["Cde concernée", "N° commande"],
            "en": ["Order number", "Order"],
            "de": ["Bestellnummer"],
            "es": ["Nº pedido"],
            "it": ["Ordine"],
            "nl": ["Bestelnummer"],
        },
        "kind": {
            "fr": ["Type de geste", "Nature du geste", "Geste", "Compensation"],
            "en": ["Gesture type", "Compensation type", "Type of compensation"],
            "de": ["Art der Kulanz", "Kulanzart"],
            "es": ["Tipo de compensación"],
            "it": ["Tipo di compensazione"],
            "nl": ["Soort compensatie"],
        },
        "cost": {
            "fr": ["Montant", "Valeur (€)", "Coût", "montant_geste"],
            "en": ["Value", "Amount", "Cost (EUR)"],
            "de": ["Betrag", "Wert"],
            "es": ["Importe", "Valor"],
            "it": ["Importo", "Valore"],
            "nl": ["Bedrag", "Waarde"],
        },
        "redeemed_at": {
            "fr": ["Utilisé le", "Date d'utilisation"],
            "en": ["Used on", "redeemed_at", "Redemption date"],
            "de": ["Eingelöst am"],
            "es": ["Utilizado el", "Canjeado el"],
            "it": ["Utilizzato il"],
            "nl": ["Ingewisseld op"],
        },
        "expires_at": {
            "fr": ["Valable jusqu'au", "Expire le", "Date de validité"],
            "en": ["Valid until", "Expiry", "expires_on"],
            "de": ["Gültig bis", "Ablaufdatum"],
            "es": ["Caduca el", "Fecha de caducidad"],
            "it": ["Scadenza", "Data di scadenza"],
            "nl": ["Geldig tot", "Vervaldatum"],
        },
    },
    "emails": {
        "sent_at": {
            "fr": ["Envoyé le", "Date d'envoi", "date_envoi"],
            "en": ["Sent at", "Send time", "sent_on"],
            "de": ["Gesendet am", "Versendet am"],
            "es": ["Enviado el", "Fecha de envío"],
            "it": ["Inviato il", "Data invio"],
            "nl": ["Verzonden op"],
        },
        "customer_email": {
            "fr": ["Destinataire", "Email destinataire", "Adresse e-mail"],
            "en": ["Recipient", "Recipient email", "To", "Subscriber"],
            "de": ["Empfänger", "E-Mail-Adresse"],
            "es": ["Destinatario", "Correo electrónico"],
            "it": ["Destinatario", "Email"],
            "nl": ["Ontvanger", "E-mailadres"],
        },
        "campaign": {
            "fr": ["Campagne", "Nom de la campagne", "Scénario"],
            "en": ["Campaign", "campaign_name", "Email name"],
            "de": ["Kampagne", "Kampagnenname"],
            "es": ["Campaña"],
            "it": ["Campagna"],
            "nl": ["Campagne"],
        },
        "opened_at": {
            "fr": ["Ouvert le", "Date d'ouverture"],
            "en": ["Opened at", "First open"],
            "de": ["Geöffnet am"],
            "es": ["Abierto el"],
            "it": ["Aperto il"],
            "nl": ["Geopend op"],
        },
        "clicked_at": {
            "fr": ["Cliqué le", "Date du clic"],
            "en": ["Clicked at", "First click"],
            "de": ["Geklickt am"],
            "es": ["Clic el", "Fecha de clic"],
            "it": ["Cliccato il"],
            "nl": ["Geklikt op"],
        },
        "unsubscribed_at": {
            "fr": ["Désinscrit le", "Désabonné le"],
            "en": ["Unsubscribed at", "Opt-out date"],
            "de": ["Abgemeldet am"],
            "es": ["Fecha de baja"],
            "it": ["Disiscritto il"],
            "nl": ["Uitgeschreven op"],
        },
    },
    "returns": {
        "returned_at": {
            "fr": ["Date de retour", "Retourné le", "Retour reçu le", "date_retour"],
            "en": ["Return date", "Returned on", "return_created"],
            "de": ["Rücksendedatum", "Retoure am", "Datum der Rücksendung"],
            "es": ["Fecha de devolución", "Devuelto el"],
            "it": ["Data reso", "Data di reso"],
            "nl": ["Retourdatum", "Geretourneerd op"],
        },
        "order_id": {
            "fr": ["N° commande", "Commande"],
            "en": ["Order", "Order number"],
            "de": ["Bestellnummer"],
            "es": ["Número de pedido"],
            "it": ["Numero ordine"],
            "nl": ["Ordernummer"],
        },
        "reason": {
            "fr": ["Motif du retour", "Raison retour", "Motif"],
            "en": ["Return reason", "Reason for return"],
            "de": ["Rücksendegrund", "Retourengrund"],
            "es": ["Motivo de la devolución"],
            "it": ["Motivo del reso"],
            "nl": ["Retourreden"],
        },
        "refunded_amount": {
            "fr": ["Montant remboursé", "Remboursement (€)"],
            "en": ["Refund amount", "Amount refunded"],
            "de": ["Erstattungsbetrag", "Erstatteter Betrag"],
            "es": ["Importe reembolsado"],
            "it": ["Importo rimborsato"],
            "nl": ["Terugbetaald bedrag"],
        },
        "customer_email": {
            "fr": ["Email client"],
            "en": ["Customer email"],
            "de": ["E-Mail"],
            "es": ["Email cliente"],
            "it": ["Email cliente"],
            "nl": ["E-mail"],
        },
    },
    "calls": {
        "called_at": {
            "fr": ["Date de l'appel", "Appel reçu le", "Début d'appel", "Heure d'appel"],
            "en": ["Call time", "Call started", "call_date", "Call start time"],
            "de": ["Anrufdatum", "Beginn des Anrufs"],
            "es": ["Fecha de llamada", "Inicio de la llamada"],
            "it": ["Data chiamata", "Inizio chiamata"],
            "nl": ["Datum oproep", "Start gesprek"],
        },
        "call_id": {
            "fr": ["ID appel", "N° d'appel"],
            "en": ["Call ID", "call_ref"],
            "de": ["Anruf-ID"],
            "es": ["ID de llamada"],
            "it": ["ID chiamata"],
            "nl": ["Oproep-ID"],
        },
        "answered_at": {
            "fr": ["Décroché le", "Heure de décroché"],
            "en": ["Answered at", "Picked up at"],
            "de": ["Angenommen um"],
            "es": ["Atendida a las"],
            "it": ["Ora risposta"],
            "nl": ["Opgenomen om"],
        },
        "ended_at": {
            "fr": ["Fin d'appel", "Raccroché le"],
            "en": ["Call end", "Ended at"],
            "de": ["Beendet um", "Ende des Anrufs"],
            "es": ["Fin de la llamada"],
            "it": ["Fine chiamata"],
            "nl": ["Einde gesprek"],
        },
        "agent": {
            "fr": ["Téléconseiller", "Agent"],
            "en": ["Agent", "Operator"],
            "de": ["Mitarbeiter"],
            "es": ["Agente"],
            "it": ["Operatore"],
            "nl": ["Medewerker"],
        },
        "queue": {
            "fr": ["File", "File d'attente"],
            "en": ["Queue", "Skill"],
            "de": ["Warteschlange"],
            "es": ["Cola"],
            "it": ["Coda"],
            "nl": ["Wachtrij"],
        },
    },
    "listening": {
        "checked_at": {
            "fr": ["Date d'écoute", "Écouté le", "Date évaluation"],
            "en": ["Evaluation date", "Checked on", "Date of review"],
            "de": ["Bewertet am", "Prüfdatum"],
            "es": ["Fecha de evaluación"],
            "it": ["Data valutazione"],
            "nl": ["Datum beoordeling"],
        },
        "criterion": {
            "fr": ["Critère", "Critère évalué", "Point de contrôle"],
            "en": ["Criterion", "Checkpoint", "criteria"],
            "de": ["Kriterium"],
            "es": ["Criterio"],
            "it": ["Criterio"],
            "nl": ["Criterium"],
        },
        "score": {
            "fr": ["Note", "Points obtenus", "Score"],
            "en": ["Score", "Points", "Mark"],
            "de": ["Punkte", "Punktzahl"],
            "es": ["Puntuación", "Puntos"],
            "it": ["Punteggio", "Voto"],
            "nl": ["Score", "Punten"],
        },
        "max_score": {
            "fr": ["Note max", "Barème"],
            "en": ["Max score", "Out of"],
            "de": ["Maximale Punktzahl"],
            "es": ["Puntuación máxima"],
            "it": ["Punteggio massimo"],
            "nl": ["Maximale score"],
        },
        "agent": {
            "fr": ["Conseiller", "Agent évalué"],
            "en": ["Agent", "Advisor"],
            "de": ["Mitarbeiter"],
            "es": ["Agente"],
            "it": ["Operatore"],
            "nl": ["Medewerker"],
        },
        "comment": {
            "fr": ["Commentaire", "Observations"],
            "en": ["Comment", "Remarks"],
            "de": ["Kommentar"],
            "es": ["Comentario"],
            "it": ["Commento"],
            "nl": ["Opmerking"],
        },
    },
    "agent_feedback": {
        "noted_at": {
            "fr": ["Noté le", "Remonté le", "Date de remontée"],
            "en": ["Noted on", "Reported on", "Logged at"],
            "de": ["Gemeldet am", "Notiert am"],
            "es": ["Anotado el", "Fecha"],
            "it": ["Annotato il", "Data"],
            "nl": ["Genoteerd op", "Gemeld op"],
        },
        "text": {
            "fr": ["Remarque terrain", "Remontée", "Constat", "Remarque du conseiller"],
            "en": ["Remark", "Front-line feedback", "Observation", "Agent remark"],
            "de": ["Bemerkung", "Rückmeldung"],
            "es": ["Observación", "Comentario del agente"],
            "it": ["Osservazione", "Nota dell'operatore"],
            "nl": ["Opmerking", "Opmerking medewerker"],
        },
        "agent": {
            "fr": ["Conseiller", "Remonté par"],
            "en": ["Agent", "Reported by"],
            "de": ["Mitarbeiter"],
            "es": ["Agente"],
            "it": ["Operatore"],
            "nl": ["Medewerker"],
        },
        "topic": {
            "fr": ["Thème", "Sujet"],
            "en": ["Topic", "Theme"],
            "de": ["Thema"],
            "es": ["Tema"],
            "it": ["Tema", "Argomento"],
            "nl": ["Onderwerp", "Thema"],
        },
    },
    "events": {
        "name": {
            "fr": ["Événement", "Nom de l'événement", "Libellé"],
            "en": ["Event", "Event name", "Name"],
            "de": ["Ereignis", "Bezeichnung"],
            "es": ["Evento", "Nombre del evento"],
            "it": ["Evento", "Nome evento"],
            "nl": ["Gebeurtenis", "Naam"],
        },
        "kind": {
            "fr": ["Type", "Nature"],
            "en": ["Type", "Kind"],
            "de": ["Art", "Typ"],
            "es": ["Tipo"],
            "it": ["Tipo"],
            "nl": ["Soort", "Type"],
        },
        "starts_on": {
            "fr": ["Début", "Date de début", "Du"],
            "en": ["Start", "Start date", "From"],
            "de": ["Beginn", "Startdatum"],
            "es": ["Inicio", "Fecha de inicio"],
            "it": ["Inizio", "Data inizio"],
            "nl": ["Begin", "Startdatum"],
        },
        "ends_on": {
            "fr": ["Fin", "Date de fin", "Au"],
            "en": ["End", "End date", "Until"],
            "de": ["Ende", "Enddatum"],
            "es": ["Fin", "Fecha de fin"],
            "it": ["Fine", "Data fine"],
            "nl": ["Einde", "Einddatum"],
        },
    },
}
REQUIRED: dict[str, tuple[str, ...]] = {
    "orders": ("order_id", "ordered_at", "amount"),
    "tickets": ("created_at", "ticket_id", "reason|subject|body"),
    "reviews": ("text", "rating", "created_at"),
    "surveys": ("score", "answered_at"),
    "gestures": ("granted_at", "kind", "cost"),
    "emails": ("sent_at", "customer_email", "campaign"),
    "returns": ("returned_at", "order_id", "reason"),
    "calls": ("called_at", "call_id", "answered_at|queue|ended_at"),
    "listening": ("checked_at", "criterion", "score"),
    "agent_feedback": ("noted_at", "text"),
    "events": ("name", "kind", "starts_on", "ends_on"),
}
# Columns that serve no field: (names by language, values).
NOISE: dict[str, tuple[dict[str, list[str]], str]] = {
    "phone": (
        {
            "fr": ["Téléphone", "Tél. mobile"],
            "en": ["Phone", "Mobile phone"],
            "de": ["Telefon"],
            "es": ["Teléfono"],
            "it": ["Telefono"],
            "nl": ["Telefoon"],
        },
        "phone",
    ),
    "city": (
        {"fr": ["Ville"], "en": ["City"], "de": ["Ort"], "es": ["Ciudad"], "it": ["Città"], "nl": ["Stad"]},
        "city",
    ),
    "zip": (
        {
            "fr": ["Code postal", "CP"],
            "en": ["Zip", "Postcode"],
            "de": ["PLZ"],
            "es": ["Código postal"],
            "it": ["CAP"],
            "nl": ["Postcode"],
        },
        "zip",
    ),
    "last_name": (
        {
            "fr": ["Nom"],
            "en": ["Last name", "Surname"],
            "de": ["Nachname"],
            "es": ["Apellido"],
            "it": ["Cognome"],
            "nl": ["Achternaam"],
        },
        "last_name",
    ),
    "updated": (
        {
            "fr": ["Modifié le", "Dernière mise à jour"],
            "en": ["Updated at", "Last modified"],
            "de": ["Geändert am"],
            "es": ["Actualizado el"],
            "it": ["Modificato il"],
            "nl": ["Gewijzigd op"],
        },
        "moment",
    ),
    "priority": (
        {
            "fr": ["Priorité"],
            "en": ["Priority"],
            "de": ["Priorität"],
            "es": ["Prioridad"],
            "it": ["Priorità"],
            "nl": ["Prioriteit"],
        },
        "priority",
    ),
    "language": (
        {"fr": ["Langue"], "en": ["Language"], "de": ["Sprache"], "es": ["Idioma"], "it": ["Lingua"], "nl": ["Taal"]},
        "language",
    ),
    "ip": ({lang: ["IP"] for lang in LANGUAGES}, "ip"),
}
ORDER_NOISE: dict[str, tuple[dict[str, list[str]], str]] = {
    "shipping_fee": (
        {
            "fr": ["Frais de port", "Frais de livraison"],
            "en": ["Shipping cost", "Shipping fee"],
            "de": ["Versandkosten"],
            "es": ["Gastos de envío"],
            "it": ["Spese di spedizione"],
            "nl": ["Verzendkosten"],
        },
        "small_amount",
    ),
    "tax": (
        {
            "fr": ["TVA", "Montant TVA"],
            "en": ["VAT", "Tax amount"],
            "de": ["MwSt."],
            "es": ["IVA"],
            "it": ["IVA"],
            "nl": ["BTW"],
        },
        "small_amount",
    ),
    "subtotal": (
        {
            "fr": ["Sous-total"],
            "en": ["Subtotal"],
            "de": ["Zwischensumme"],
            "es": ["Subtotal"],
            "it": ["Subtotale"],
            "nl": ["Subtotaal"],
        },
        "small_amount",
    ),
    "shipped": (
        {
            "fr": ["Expédié le", "Date d'expédition"],
            "en": ["Shipped at", "Ship date"],
            "de": ["Versendet am"],
            "es": ["Fecha de expedición"],
            "it": ["Data spedizione"],
            "nl": ["Verzonden op"],
        },
        "moment",
    ),
    "payment": (
        {
            "fr": ["Mode de paiement"],
            "en": ["Payment method"],
            "de": ["Zahlungsart"],
            "es": ["Método de pago"],
            "it": ["Metodo di pagamento"],
            "nl": ["Betaalmethode"],
        },
        "payment",
    ),
}

TEXTS = {
    "fr": [
        "Bonjour, je n'ai toujours pas reçu mon colis malgré votre message de la semaine dernière.",
        "Très bon accueil, livraison rapide, je recommande.",
        "Le tissu est abîmé au dos, je souhaite un échange au plus vite.",
        "Pouvez-vous me dire quand la taille 38 sera disponible ?",
        "Service correct mais emballage vraiment trop volumineux.",
    ],
    "en": [
        "Hello, my parcel still has not arrived although it was promised for Monday.",
        "Lovely quality, will order again from this shop.",
        "The item is broken and I would like a replacement please.",
        "Could you tell me when the blue one is back in stock?",
        "Fine overall but the packaging was far too large.",
    ],
    "de": [
        "Guten Tag, mein Paket ist immer noch nicht angekommen, bitte prüfen Sie das.",
        "Sehr gute Qualität und schnelle Lieferung.",
        "Der Artikel ist beschädigt, ich möchte einen Umtausch.",
        "Wann ist die Größe 38 wieder verfügbar?",
    ],
    "es": [
        "Hola, todavía no he recibido mi paquete y necesito una respuesta.",
        "Muy buena calidad y envío rápido.",
        "El artículo llegó roto, quiero un cambio por favor.",
    ],
    "it": [
        "Buongiorno, non ho ancora ricevuto il pacco, potete verificare?",
        "Ottima qualità e consegna veloce.",
        "L'articolo è arrivato rotto, vorrei un cambio.",
    ],
    "nl": [
        "Hallo, mijn pakket is nog steeds niet aangekomen, kunt u dit nakijken?",
        "Goede kwaliteit en snelle levering.",
        "Het artikel is kapot, graag een nieuwe.",
    ],
}
WORDS = {
    "status": {
        "fr": ["Payée", "Annulée", "En attente", "Remboursée"],
        "en": ["paid", "cancelled", "pending", "refunded"],
        "de": ["bezahlt", "storniert", "offen"],
        "es": ["Pagado", "Cancelado"],
        "it": ["Pagato", "Annullato"],
        "nl": ["betaald", "geannuleerd"],
    },
    "ticket_status": {
        "fr": ["Ouvert", "Résolu", "En attente"],
        "en": ["open", "solved", "pending"],
        "de": ["offen", "gelöst"],
        "es": ["abierto", "cerrado"],
        "it": ["aperto", "chiuso"],
        "nl": ["open", "gesloten"],
    },
    "reason": {
        "fr": ["Retard de livraison", "Produit abîmé", "Question produit", "Remboursement", "Autre"],
        "en": ["Late delivery", "Damaged item", "Product question", "Refund", "Other"],
        "de": ["Lieferverzug", "Artikel beschädigt", "Produktfrage"],
        "es": ["Retraso", "Producto dañado", "Pregunta"],
        "it": ["Ritardo", "Prodotto danneggiato", "Domanda"],
        "nl": ["Vertraging", "Beschadigd", "Vraag"],
    },
    "return_reason": {
        "fr": ["Trop petit", "Ne convient pas", "Défectueux"],
        "en": ["Too small", "Not as described", "Defective"],
        "de": ["Zu klein", "Gefällt nicht"],
        "es": ["Talla pequeña", "No me gusta"],
        "it": ["Taglia errata", "Non mi piace"],
        "nl": ["Te klein", "Bevalt niet"],
    },
    "channel": {
        "fr": ["E-mail", "Téléphone", "Chat"],
        "en": ["email", "phone", "chat"],
        "de": ["E-Mail", "Telefon"],
        "es": ["Correo", "Teléfono"],
        "it": ["Email", "Telefono"],
        "nl": ["E-mail", "Telefoon"],
    },
    "gesture": {
        "fr": ["Bon d'achat", "Remboursement partiel", "Cadeau"],
        "en": ["Voucher", "Partial refund", "Gift"],
        "de": ["Gutschein", "Teilerstattung"],
        "es": ["Vale", "Regalo"],
        "it": ["Buono", "Regalo"],
        "nl": ["Tegoedbon", "Cadeau"],
    },
    "event": {
        "fr": ["pic", "incident", "lancement"],
        "en": ["peak", "incident", "launch"],
        "de": ["Störung", "Aktion"],
        "es": ["incidente", "campaña"],
        "it": ["incidente", "promozione"],
        "nl": ["storing", "actie"],
    },
    "criterion": {
        "fr": ["Accueil", "Écoute", "Solution", "Prise de congé"],
        "en": ["Greeting", "Listening", "Solution", "Closing"],
        "de": ["Begrüßung", "Lösung", "Abschied"],
        "es": ["Saludo", "Solución", "Despedida"],
        "it": ["Saluto", "Soluzione", "Congedo"],
        "nl": ["Begroeting", "Oplossing", "Afscheid"],
    },
}
DATES = {
    "fr": ["%d/%m/%Y %H:%M", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S"],
    "en": ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%m/%d/%Y %I:%M %p", "%d/%m/%Y"],
    "de": ["%d.%m.%Y %H:%M", "%d.%m.%Y"],
    "es": ["%d/%m/%Y %H:%M"],
    "it": ["%d/%m/%Y %H:%M", "%Y-%m-%d"],
    "nl": ["%d-%m-%Y %H:%M"],
}
_PRODUCTS = ["Plaid laine", "Housse Oslo", "Lampe Nova 40", "Coussin lin 45x45", "Rideau Alma"]
_PEOPLE = ["Inès Morel", "Paul Girard", "Lena Vogt", "Ana Ruiz", "Marco Conti"]


@dataclass(frozen=True)
class Made:
    """A made sheet and the truth about it."""

    sheet: Sheet
    table: str
    truth: dict[str, str]
    language: str


def as_bytes(made: Made, random_: random.Random) -> tuple[str, bytes]:
    """A made sheet written the way some tool would: a file's name and its bytes."""
    frame = made.sheet.frame.select(made.sheet.names)
    encoding = random_.choice(["utf-8", "utf-8-sig", "cp1252", "utf-16"])
    delimiter = random_.choice([",", ";", "\t", "|"])
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=random_.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    if random_.random() < 0.2:
        writer.writerow(["Extraction du 12/10/2025"])
        out.write("\r\n")
    writer.writerow(made.sheet.names)
    writer.writerows([cell or "" for cell in row] for row in frame.rows())
    return made.sheet.file, out.getvalue().encode(encoding, "replace")


class Maker:
    """Makes sheets out of one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def make(self, table: str, language: str, rows: int = 60, title: str | None = None) -> Made:
        self.rows = rows
        self.language = language
        self.dates = self.random.choice(DATES[language])
        names = NAMES[table]
        fields = self._fields(table, names)
        columns: list[tuple[str, list[str | None]]] = []
        truth: dict[str, str] = {}
        taken: set[str] = set()
        for field in fields:
            name = self.random.choice([n for n in names[field][language] if n not in taken] or names[field][language])
            taken.add(name)
            truth[field] = name
            columns.append((name, self._values(table, field)))
        columns += self._noise(table, taken)
        self.random.shuffle(columns)
        frame = pl.DataFrame({name: pl.Series(name, values, dtype=pl.String) for name, values in columns})
        frame = frame.with_columns(pl.int_range(2, rows + 2, dtype=pl.Int64, eager=True).alias(LINE))
        title = title or self.random.choice(["export.csv", "data_2025.csv", "extraction.csv", "fichier1.csv"])
        sheet = Sheet(
            title,
            None,
            "utf-8",
            ";",
            1,
            1,
            tuple(name for name, _ in columns),
            ("",) * len(columns),
            frame,
            rows,
            frozenset(),
            (),
            str(self.random.random()),
        )
        return Made(sheet, table, truth, language)

    def _fields(self, table: str, names: dict[str, dict[str, list[str]]]) -> list[str]:
        needed = [self.random.choice(field.split("|")) for field in REQUIRED[table]]
        rest = [field for field in names if field not in needed]
        return needed + [field for field in rest if self.random.random() < 0.6]

    def _noise(self, table: str, taken: set[str]) -> list[tuple[str, list[str | None]]]:
        pool = {**NOISE, **(ORDER_NOISE if table == "orders" else {})}
        found = []
        for key in self.random.sample(sorted(pool), self.random.randint(0, 4)):
            names, kind = pool[key]
            name = self.random.choice(names[self.language])
            if name not in taken:
                taken.add(name)
                found.append((name, [self._one(kind, row) for row in range(self.rows)]))
        return found

    def _values(self, table: str, field: str) -> list[str | None]:
        kind = _KIND.get((table, field)) or _KIND_OF.get(field, "moment")
        values = [self._one(kind, row) for row in range(self.rows)]
        return [None if field in _OFTEN_EMPTY and self.random.random() < 0.4 else value for value in values]

    def _one(self, kind: str, row: int) -> str:
        r = self.random
        if kind == "moment":
            return (datetime(2024, 1, 1, 8) + timedelta(minutes=r.randint(0, 700_000))).strftime(self.dates)
        if kind == "order":
            return (
                f"{r.choice(['#', 'CMD-', ''])}{10_000 + row * 3}" if row == 0 else f"{self._prefix}{10_000 + row * 3}"
            )
        if kind in ("amount", "small_amount"):
            value = r.uniform(5, 250 if kind == "amount" else 12)
            return f"{value:.2f}" if self.language == "en" else f"{value:.2f}".replace(".", ",") + r.choice(["", " €"])
        if kind in WORDS:
            return r.choice(WORDS[kind][self.language])
        return str(_PLAIN[kind](r, row, self.language))

    @property
    def _prefix(self) -> str:
        return "CMD-"


_PLAIN = {
    "email": lambda r, row, lang: (
        f"{r.choice(['lea', 'tom', 'ana', 'max', 'zoe'])}{r.randint(1, 900)}@example.{r.choice(['com', 'org'])}"
    ),
    "ticket": lambda r, row, lang: 4000 + row,
    "call": lambda r, row, lang: f"CA{90_000 + row}",
    "text": lambda r, row, lang: r.choice(TEXTS[lang]) + f" ({r.randint(1, 99)})",
    "short": lambda r, row, lang: " ".join(r.choice(TEXTS[lang]).split()[:4]),
    "rating": lambda r, row, lang: r.randint(1, 5),
    "nps": lambda r, row, lang: r.choice([0, 3, 6, 7, 8, 9, 9, 10, 10]),
    "points": lambda r, row, lang: r.randint(0, 5),
    "five": lambda r, row, lang: 5,
    "country": lambda r, row, lang: r.choice(["FR", "BE", "DE", "CH"]),
    "product": lambda r, row, lang: r.choice(_PRODUCTS),
    "code": lambda r, row, lang: r.choice(["BIENVENUE10", "NOEL20", "VIP5"]),
    "person": lambda r, row, lang: r.choice(_PEOPLE),
    "phone": lambda r, row, lang: f"06 00 00 {r.randint(10, 99)} {r.randint(10, 99)}",
    "city": lambda r, row, lang: r.choice(["Nantes", "Lille", "Lyon", "Brest"]),
    "zip": lambda r, row, lang: r.choice(["44000", "59000", "69003", "29200"]),
    "last_name": lambda r, row, lang: r.choice(_PEOPLE).split()[1],
    "priority": lambda r, row, lang: r.choice(["normal", "high", "low"]),
    "language": lambda r, row, lang: r.choice(["fr", "en"]),
    "ip": lambda r, row, lang: f"10.0.{r.randint(0, 255)}.{r.randint(0, 255)}",
    "payment": lambda r, row, lang: r.choice(["CB", "PayPal", "Klarna"]),
    "campaign": lambda r, row, lang: r.choice(["Newsletter mai", "Relance panier", "Soldes été", "Suivi commande"]),
    "queue": lambda r, row, lang: r.choice(["SAV", "Ventes", "VIP"]),
    "event_name": lambda r, row, lang: f"Black Friday {2020 + row % 6} {row}",
    "topic": lambda r, row, lang: r.choice(["Livraison", "Produit", "Site"]),
}
_KIND_OF = {
    "order_id": "order", "customer_email": "email", "amount": "amount", "cost": "amount", "refunded_amount": "amount",
    "country": "country", "product": "product", "discount_code": "code", "ticket_id": "ticket", "call_id": "call",
    "body": "text", "text": "text", "comment": "text", "subject": "short", "title": "short", "agent": "person",
    "channel": "channel", "rating": "rating", "campaign": "campaign", "queue": "queue", "criterion": "criterion",
    "max_score": "five", "topic": "topic", "reason": "reason",
}  # fmt: skip
_KIND = {
    ("orders", "status"): "status", ("tickets", "status"): "ticket_status", ("surveys", "score"): "nps",
    ("gestures", "kind"): "gesture", ("returns", "reason"): "return_reason", ("listening", "score"): "points",
    ("events", "kind"): "event", ("events", "name"): "event_name",
}  # fmt: skip
_OFTEN_EMPTY = frozenset(
    {
        "delivered_at",
        "discount_code",
        "solved_at",
        "redeemed_at",
        "opened_at",
        "clicked_at",
        "unsubscribed_at",
        "answered_at_",
        "comment",
        "order_id_",
    }
)
