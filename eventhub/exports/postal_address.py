"""The parts of a French address, where it was written down with a postal code."""

import re
from dataclasses import dataclass

_CODE_AND_CITY = re.compile(
    r"(?:(?P<street>.*?)[\s,]+)?(?P<code>\d{5})[\s,]+(?P<city>\D[^,]*)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """A part that was not written down is empty."""

    street: str
    postal_code: str
    city: str


def postal_address(text: str) -> PostalAddress:
    """Read « 12 quai du Port-Vieux, 41000 Blois »; without a code all of it is the street."""
    line = " ".join(text.split())
    found = _CODE_AND_CITY.fullmatch(line)
    if found is None:
        return PostalAddress(line, "", "")
    return PostalAddress((found["street"] or "").strip(" ,"), found["code"], found["city"].strip())
