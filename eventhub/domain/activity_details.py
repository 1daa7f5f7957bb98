"""What an organiser writes of one part of a programme, and the rules over it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from eventhub.domain.errors import InvalidInput
from eventhub.domain.event import ActivityFormat, ActivityRegistration
from eventhub.domain.event_details import CAPACITY_MAX, LINK_MAX, LONG_TEXT_MAX, TITLE_MAX
from eventhub.domain.naming import name_key
from eventhub.domain.registration import STRUCTURE_NAME_MAX

ROOM_MAX = 200
TRACK_MAX = 100
SPEAKER_NAME_MAX = 200
SPEAKER_ROLE_MAX = 100
SPEAKERS_MAX = 40
HOSTS_MAX = 60
ROOMS_MAX = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerDetails:
    """Who speaks or facilitates, as typed; the public reads the name only where they agreed."""

    name: str
    role: str = ""
    structure: str = ""
    may_be_named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomDetails:
    """A room of an event as typed. `was` is the name under which it was shown, if it was."""

    name: str
    seats: int | None = None
    was: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityDetails:
    """A part of a programme as typed.

    Hours are in the event's zone; without them it overlaps nothing. A capacity of None is
    unlimited.
    """

    format: ActivityFormat
    title: str
    on: date | None = None
    starts_at: time | None = None
    ends_at: time | None = None
    room: str = ""
    track: str = ""
    speakers: tuple[SpeakerDetails, ...] = ()
    summary: str = ""
    hosts: tuple[str, ...] = ()
    remote_link: str = ""
    registration: ActivityRegistration = ActivityRegistration.OPEN
    counts_presence: bool = True
    capacity_onsite: int | None = None
    capacity_remote: int | None = None

    def hours(self, timezone: str) -> tuple[datetime | None, datetime | None]:
        """The moments of the start and of the end; None where they are not known.

        Raises InvalidInput on `on`, `starts_at` or `ends_at`.
        """
        if self.starts_at is None:
            if self.ends_at is not None:
                raise InvalidInput({"starts_at": "Donnez aussi l’heure de début."})
            return None, None
        if self.on is None:
            raise InvalidInput({"on": "Donnez aussi le jour."})
        zone = ZoneInfo(timezone)
        start = datetime.combine(self.on, self.starts_at, zone)
        if self.ends_at is None:
            return start, None
        end = datetime.combine(self.on, self.ends_at, zone)
        if end <= start:
            raise InvalidInput({"ends_at": "Donnez une heure de fin qui suit celle du début."})
        return start, end

    def check(self, first_day: date, last_day: date) -> None:
        """Raise InvalidInput with every field that cannot be taken, in an event of those days."""
        problems: dict[str, str] = {}
        if not self.title:
            problems["title"] = "Donnez un titre."
        lengths = (
            ("title", TITLE_MAX),
            ("room", ROOM_MAX),
            ("track", TRACK_MAX),
            ("summary", LONG_TEXT_MAX),
            ("remote_link", LINK_MAX),
        )
        for name, longest in lengths:
            if len(getattr(self, name)) > longest:
                problems[name] = f"Raccourcissez : {longest} caractères au plus."
        problems |= dict(self._problems_of_names())
        if self.remote_link and not is_https(self.remote_link):
            problems["remote_link"] = "Écrivez une adresse complète, qui commence par https://."
        if self.on is not None and not first_day <= self.on <= last_day:
            problems["on"] = "Donnez un jour de l’évènement."
        try:
            self.hours("UTC")
        except InvalidInput as error:
            problems |= error.fields
        for name in ("capacity_onsite", "capacity_remote"):
            capacity = getattr(self, name)
            if capacity is not None and not 0 <= capacity <= CAPACITY_MAX:
                problems[name] = "Écrivez un nombre de places, ou laissez vide : sans limite."
        if problems:
            raise InvalidInput(problems)

    def _problems_of_names(self) -> Iterator[tuple[str, str]]:
        if len(self.speakers) > SPEAKERS_MAX:
            yield "speakers", f"Pas plus de {SPEAKERS_MAX} personnes."
        for speaker in self.speakers:
            if not speaker.name:
                yield "speakers", "Donnez le nom de chaque personne, ou videz sa ligne."
            for text, longest in (
                (speaker.name, SPEAKER_NAME_MAX),
                (speaker.role, SPEAKER_ROLE_MAX),
                (speaker.structure, STRUCTURE_NAME_MAX),
            ):
                if len(text) > longest:
                    yield "speakers", f"Raccourcissez\u00a0: {longest} caractères au plus."
            if speaker.structure and not name_key(speaker.structure):
                yield (
                    "speakers",
                    f"«\u00a0{speaker.structure[:40]}\u00a0» n’est pas le nom d’une structure.",
                )
        if len(self.hosts) > HOSTS_MAX:
            yield "hosts", f"Pas plus de {HOSTS_MAX} structures."
        for host in self.hosts:
            if len(host) > STRUCTURE_NAME_MAX:
                yield (
                    "hosts",
                    f"Raccourcissez «\u00a0{host[:40]}…\u00a0»\u00a0: une structure par ligne.",
                )
            elif not name_key(host):
                yield (
                    "hosts",
                    f"«\u00a0{host[:40]}\u00a0» n’est pas un nom\u00a0: une structure par ligne.",
                )


def is_https(address: str) -> bool:
    """Whether `address` is a whole address that a browser opens over https."""
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" and bool(parts.hostname) and " " not in address
    except ValueError:  # brackets that are no IPv6 address
        return False
