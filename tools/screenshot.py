"""Takes the pictures of the documentation from the product as it runs: `-m tools.screenshot`.

They come from an installation of their own, made for it and removed, with the example season and
one invented registration.
"""

import argparse
import email
import email.policy
import io
import re
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

import config
from tests.chromium import LAUNCH_ARGS, chromium_path
from tests.conftest import make_settings
from tests.e2e.server import LiveServer, environment_of, free_port, run_command, serving
from tools.environment import ROOT

IMAGES = ROOT / "docs" / "images"
WIDE = (1280, 900)
PHONE = (390, 844)
MOST_BYTES = 200_000
EVENT = "nec-a-venir"


def main() -> int:
    """Take every picture into the folder that is named, or into that of the documentation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=IMAGES)
    folder: Path = parser.parse_args().folder
    chromium = chromium_path()
    if chromium is None:
        print("No Chromium on this machine", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        serving(*_installation(Path(home))) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=LAUNCH_ARGS)
        _take_all(browser, server, folder)
        browser.close()
    return 0


def _installation(home: Path) -> tuple[config.Settings, Path]:
    settings = make_settings(
        f"sqlite:///{home / 'eventhub.sqlite3'}",
        home / "instance",
        base_url=f"http://127.0.0.1:{free_port()}",
    )
    environment = environment_of(settings)
    run_command(environment, "db", "upgrade")
    run_command(environment, "season", "load")
    return settings, home / "server.log"


def _take_all(browser: Browser, server: LiveServer, folder: Path) -> None:
    wide = _page(browser, server, WIDE)
    wide.goto("/")
    _keep(wide, folder / "agenda.png")

    phone = _page(browser, server, PHONE)
    _register(phone)
    server.command("mail", "deliver")
    phone.goto(_personal_link(server))
    _keep(phone, folder / "ticket.png")


def _page(browser: Browser, server: LiveServer, size: tuple[int, int]) -> Page:
    width, height = size
    return browser.new_context(
        base_url=server.url,
        locale="fr-FR",
        reduced_motion="reduce",
        viewport={"width": width, "height": height},
    ).new_page()


def _register(page: Page) -> None:
    page.goto(f"/evenements/{EVENT}/inscription")
    page.get_by_label("Prénom").fill("Élodie")
    page.get_by_label("Nom", exact=True).fill("Vanneau")
    page.get_by_label("Courriel").fill("elodie@example.org")
    page.get_by_label("Vous êtes").select_option(index=1)
    page.get_by_role("button", name="M’inscrire").click()
    page.get_by_role("heading", name="C’est noté").wait_for()


def _personal_link(server: LiveServer) -> str:
    (mail,) = server.mails
    message = email.message_from_bytes(mail.read_bytes(), policy=email.policy.default)
    text = message.get_body(("plain",))
    found = re.search(r"http\S+/mon-inscription/[\w-]+", text.get_content() if text else "")
    if found is None:
        raise LookupError("no personal link in the mail")
    return found[0]


def _keep(page: Page, path: Path) -> None:
    """Write what the window shows, in few colours: flat pages lose nothing that one sees."""
    page.wait_for_load_state("networkidle")
    taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    taken.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(f"{path.name} is heavier than {MOST_BYTES} bytes")
    print(path, path.stat().st_size, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
