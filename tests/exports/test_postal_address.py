import pytest

from eventhub.exports.postal_address import PostalAddress, postal_address


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "12 quai du Port-Vieux, 41000 Blois",
            PostalAddress("12 quai du Port-Vieux", "41000", "Blois"),
        ),
        ("3 rue Haute\n36000 Châteauroux", PostalAddress("3 rue Haute", "36000", "Châteauroux")),
        ("45500 Gien", PostalAddress("", "45500", "Gien")),
        ("Derrière la mairie", PostalAddress("Derrière la mairie", "", "")),
        ("Bâtiment 12345", PostalAddress("Bâtiment 12345", "", "")),
        ("", PostalAddress("", "", "")),
    ],
)
def test_only_what_was_written_is_told_apart(text: str, expected: PostalAddress) -> None:
    assert postal_address(text) == expected
