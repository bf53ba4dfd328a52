"""The quality page counts what no figure holds."""

from __future__ import annotations

from conftest import Open, words
from test_exports import upload
from test_verbatims_page import ORDERS, tickets
from test_workshop import held


def test_rows_after_the_last_day_are_counted(open_page: Open) -> None:
    later = b"".join(
        f"L{n};0{1 + n}/07/2026 10:00;C{n:04d};client{n}@exemple.fr;Retard;<p>Toujours&nbsp;rien</p>\n".encode()
        for n in range(3)
    )
    app = upload(open_page("exports"), ("commandes.csv", ORDERS.encode()), ("tickets.csv", tickets(40) + later))
    app.button(key="start").click().run()
    quality = open_page("quality", held(app))
    assert not quality.exception
    said = "Tickets\u202f: 3 lignes datées après le dernier jour (28 juin 2026) n’entrent dans aucun chiffre."
    assert said in words(quality).replace("\\", "")
