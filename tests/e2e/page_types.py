"""One address for each type of page that anyone may open, on the server of browser tests.

They hold the example season and the events of showcase.py. A new type of page is one line here:
it is then checked by axe, by the HTML checker, at 320 px and with spaced text.
"""

PAGES = {
    "agenda": "/",
    "agenda, past": "/?vue=passes",
    "agenda, filtered": "/?departement=37&mois=2024&q=carrefour",
    "agenda, nothing found": "/?departement=99&q=introuvable",
    "agenda, a month": "/agenda/mois/2024-12",
    "agenda, an empty month": "/agenda/mois/2031-02?departement=37",
    "event, programme": "/evenements/nec-a-venir",
    "event, several days": "/evenements/carrefour-2024",
    "event, history": "/evenements/nec-2022",
    "event, deliverables": "/evenements/hackathon-2024",
    "event, full": "/evenements/vitrine-complet",
    "event, refused": "/evenements/vitrine-refus",
    "event, postponed": "/evenements/vitrine-reporte",
    "event, cancelled": "/evenements/vitrine-annule",
    "event, long names": "/evenements/vitrine-long",
    "event, vague date": "/evenements/vitrine-vague",
    "registration": "/evenements/nec-a-venir/inscription",
    "registration, full": "/evenements/vitrine-complet/inscription",
    "my link again": "/retrouver",
    "comptes-rendus": "/comptes-rendus",
    "search": "/recherche",
    "search, found": "/recherche?q=num%C3%A9rique",
    "search, one group": "/recherche?q=num%C3%A9rique&dans=evenements",
    "search, nothing found": "/recherche?q=introuvable",
    "sign-in": "/connexion",
    "accessibility": "/accessibilite",
    "privacy": "/donnees-personnelles",
    "legal notice": "/mentions-legales",
}
