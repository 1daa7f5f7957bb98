"""Which of the nine colours and pictograms of the design system a kind of event wears.

Kinds are data; the design system has nine families of colour (see docs/design-system.md). A kind
that an administrator adds takes the colour of its family until it is given one here.
"""

from typing import Literal

from eventhub.domain.event import KindFamily

KindColour = Literal[
    "nec",
    "hackathon",
    "carrefour",
    "day",
    "cafe",
    "quarterly",
    "basin",
    "committee",
    "screen",
]

KIND_FAMILY_LABELS: dict[KindFamily, str] = {
    KindFamily.EVENT: "Évènements",
    KindFamily.MEETING: "Réunions",
    KindFamily.TRAINING: "Formations",
    KindFamily.ONE_TO_ONE: "Rendez-vous",
}

_BY_CODE: dict[str, KindColour] = {
    "nec": "nec",
    "inter-hubs": "nec",
    "hackathon": "hackathon",
    "carrefour": "carrefour",
    "journee": "day",
    "grand-public": "day",
    "concertation": "day",
    "cafe-ia": "cafe",
    "petit-dejeuner": "cafe",
    "trimestrielle": "quarterly",
    "reunion-information": "quarterly",
    "bassin-de-vie": "basin",
    "groupe-de-travail": "basin",
    "webinaire": "screen",
    "formation": "screen",
}

_BY_FAMILY: dict[KindFamily, KindColour] = {
    KindFamily.EVENT: "day",
    KindFamily.MEETING: "committee",
    KindFamily.TRAINING: "screen",
    KindFamily.ONE_TO_ONE: "screen",
}

UNLISTED_FAMILIES = frozenset({KindFamily.ONE_TO_ONE})
"""Families of which no event is shown to the public: a rendez-vous is between two people."""


def kind_colour(code: str, family: KindFamily) -> KindColour:
    """The colour of a kind, which is also the name of its CSS class and of its pictogram."""
    return _BY_CODE.get(code, _BY_FAMILY[family])
