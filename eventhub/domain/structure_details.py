"""What someone writes of a structure."""

import re
from dataclasses import dataclass

from eventhub.domain.errors import InvalidInput
from eventhub.domain.naming import name_key
from eventhub.domain.registration import STRUCTURE_NAME_MAX
from eventhub.domain.typologies import TYPOLOGIE_MAX

WEBSITE_MAX = 300
ALIASES_AT_MOST = 40

_WEBSITE = re.compile(r"https?://[^\s/?#\\@]+\.[^\s/?#\\@]+([/?#]\S*)?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StructureDetails:
    """The names of a structure, its code of the standard, its département and its site."""

    name: str
    typologie: str = ""
    departement_code: str | None = None
    website: str = ""
    aliases: tuple[str, ...] = ()

    def check(self) -> None:
        """Raise InvalidInput where something cannot be kept."""
        wrong: dict[str, str] = {}
        if not name_key(self.name):
            wrong["name"] = "Donnez un nom, en lettres ou en chiffres."
        elif len(self.name) > STRUCTURE_NAME_MAX:
            wrong["name"] = f"Raccourcissez : {STRUCTURE_NAME_MAX} caractères au plus."
        if len(self.typologie) > TYPOLOGIE_MAX:
            wrong["typologie"] = "Choisissez dans la liste."
        if self.website and not (
            len(self.website) <= WEBSITE_MAX and _WEBSITE.fullmatch(self.website)
        ):
            wrong["website"] = "Écrivez une adresse complète, qui commence par https://."
        if len(self.aliases) > ALIASES_AT_MOST:
            wrong["aliases"] = f"Pas plus de {ALIASES_AT_MOST} autres noms."
        elif any(len(alias) > STRUCTURE_NAME_MAX for alias in self.aliases):
            wrong["aliases"] = f"Chaque nom : {STRUCTURE_NAME_MAX} caractères au plus."
        if wrong:
            raise InvalidInput(wrong)
