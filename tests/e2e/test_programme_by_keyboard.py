"""A slot with two parallel workshops, built with the keyboard alone and without JavaScript."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from playwright.sync_api import BrowserContext, expect

from eventhub.domain.rights import AccountRole
from eventhub.services.accounts import add_account, make_sign_in_link
from eventhub.web.clock import now
from tests.e2e.keyboard import press, tab_to, write
from tests.e2e.server import LiveServer
from tests.factories import make_event

SLUG = "programme-au-clavier"
PROGRAMME = f"/organisation/evenements/{SLUG}/programme"


def test_two_parallel_workshops_by_keyboard_alone(
    server: LiveServer, new_context: Callable[..., BrowserContext]
) -> None:
    with server.session() as session:
        make_event(
            session,
            slug=SLUG,
            title="Programme au clavier",
            starts_on=date(2031, 4, 8),
            starts_at=datetime(2031, 4, 8, 7, 0, tzinfo=UTC),
            ends_at=datetime(2031, 4, 8, 15, 0, tzinfo=UTC),
        )
        account = add_account(
            session, "clavier@example.org", AccountRole.ADMINISTRATOR, [], now(), by=None
        )
        token = make_sign_in_link(session, account, now())
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"/connexion/{token}")
    press(page, "Me connecter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes évènements")
    page.goto(PROGRAMME)

    press(page, "Ajouter un premier temps")
    # A Chromium whose own language is English asks for the half of the day; others ignore it.
    write(page, Titre="Accueillir", Début="1040AM", Fin="1200PM", Salle="Salle Cher")
    press(page, "Ajouter, puis un autre en parallèle")

    expect(page.get_by_label("Début")).to_have_value("10:40")
    expect(page.get_by_label("Parcours")).to_have_value("B")
    write(page, Titre="Protéger", Salle="Salle Loir")
    tab_to(page, "Entrée libre")
    page.keyboard.press("ArrowDown")
    write(page, Places_sur_place="12", Nom="Élise Maréchal", Rôle="animation")
    tab_to(page, "Accepte d’être nommé·e")
    page.keyboard.press("Space")
    press(page, "Ajouter et continuer")

    expect(page.get_by_label("Début")).to_have_value("12:00")
    write(page, Titre="Repas")
    tab_to(page, "Format")
    page.keyboard.type("Rep")
    tab_to(page, "Parcours")
    page.keyboard.press("Delete")
    press(page, "Ajouter au programme")

    card = page.get_by_role("group", name="Repas")
    expect(card).to_be_focused()
    press(page, "Plus tôt : « Repas »")
    expect(page.get_by_role("status")).to_contain_text("« Repas » : de 10 h 40 à 12 h.")
    expect(card.get_by_role("button", name="Plus tard")).to_be_visible()
    expect(card).to_be_focused()
    press(page, "Plus tard : « Repas »")
    expect(page.get_by_role("status")).to_contain_text("« Repas » : de 12 h à 13 h 20.")

    boxes = [
        page.get_by_role("group", name=name).bounding_box() for name in ("Accueillir", "Protéger")
    ]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[0]["y"] == boxes[1]["y"]
    assert boxes[0]["x"] < boxes[1]["x"]

    page.goto(f"/evenements/{SLUG}")
    programme = page.get_by_role("region", name="Le programme")
    expect(programme).to_contain_text("Salle Loir · sur inscription, il reste 12 places")
    expect(programme).to_contain_text("Avec Élise Maréchal, animation")
