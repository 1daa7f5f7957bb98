"""What an administrator writes of a kind of event, and the rules over it."""

from dataclasses import dataclass
from datetime import time

from eventhub.domain.activity_details import TRACK_MAX
from eventhub.domain.errors import InvalidInput
from eventhub.domain.event import (
    ActivityFormat,
    ActivityRegistration,
    CountingUnit,
    EntranceUnit,
    EventMode,
    KindFamily,
)
from eventhub.domain.event_dates import LONGEST_DAYS
from eventhub.domain.event_details import (
    AUDIENCE_MAX,
    CAPACITY_MAX,
    LONG_TEXT_MAX,
    MAIL_NOTE_MAX,
    PROMOTION_DELAY_MAX,
    REMINDER_MAX,
    REMINDERS_MAX,
    TITLE_MAX,
)

KIND_LABEL_MAX = 100
CATEGORY_LABEL_MAX = 120
KIND_CODE_MAX = 40
DURATION_MAX = (LONGEST_DAYS - 1) * 24 * 60
OPENS_BEFORE_MAX = 730
CLOSES_BEFORE_MAX = 24 * 90
EARLIEST_MINUTES = -12 * 60
"""A part of a programme may begin before the event does: the coffee at the door."""

LACOOP_LABELS: dict[str, str] = {
    "mediators": "Médiation numérique",
    "structures": "Structures et institutions",
    "others": "Autres personnes",
}
"""The three groups in which La Coop de la médiation numérique asks how many came."""

_PLACES = "Écrivez un nombre de places, ou laissez vide\u00a0: sans limite."


@dataclass(frozen=True, slots=True, kw_only=True)
class KindDetails:
    """A kind of event and its template, as typed; None where nothing is said.

    `opens_before_days` and `closes_before_hours` are counted back from the start.
    """

    label: str
    family: KindFamily
    counted_by: CountingUnit = CountingUnit.DAY
    usual_start: time | None = None
    duration_minutes: int | None = None
    mode: EventMode = EventMode.ONSITE
    capacity_onsite: int | None = None
    capacity_remote: int | None = None
    waiting_list: bool = True
    promotion_delay_hours: int = 24
    opens_before_days: int | None = None
    closes_before_hours: int | None = None
    reminder_hours: tuple[int, ...] = (168, 24)
    mail_note: str = ""
    summary: str = ""
    audience: str = ""
    entrance_unit: EntranceUnit = EntranceUnit.DAY

    def check(self) -> None:
        """Raise InvalidInput with every field that cannot be taken as it is."""
        problems = _label_problems(self.label, KIND_LABEL_MAX)
        if self.mode is EventMode.UNKNOWN:
            problems["mode"] = "Choisissez dans la liste."
        bounds = (
            ("duration_minutes", 1, DURATION_MAX, f"{LONGEST_DAYS - 1} jours au plus."),
            ("opens_before_days", 0, OPENS_BEFORE_MAX, f"{OPENS_BEFORE_MAX} jours au plus."),
            ("closes_before_hours", 0, CLOSES_BEFORE_MAX, f"{CLOSES_BEFORE_MAX} heures au plus."),
            ("promotion_delay_hours", 0, PROMOTION_DELAY_MAX, f"{PROMOTION_DELAY_MAX} au plus."),
            ("capacity_onsite", 0, CAPACITY_MAX, _PLACES),
            ("capacity_remote", 0, CAPACITY_MAX, _PLACES),
        )
        for name, least, most, sentence in bounds:
            number = getattr(self, name)
            if number is not None and not least <= number <= most:
                problems[name] = sentence
        opens, closes = self.opens_before_days, self.closes_before_hours
        if opens is not None and closes is not None and closes >= opens * 24:
            problems.setdefault("closes_before_hours", "Donnez une fermeture après l’ouverture.")
        if any(not 0 < hours <= REMINDER_MAX for hours in self.reminder_hours):
            problems["reminder_hours"] = "Choisissez dans la liste."
        elif len(set(self.reminder_hours)) > REMINDERS_MAX:
            problems["reminder_hours"] = f"Pas plus de {REMINDERS_MAX} rappels."
        for name, longest in (
            ("mail_note", MAIL_NOTE_MAX),
            ("summary", LONG_TEXT_MAX),
            ("audience", AUDIENCE_MAX),
        ):
            if len(getattr(self, name)) > longest:
                problems[name] = f"Raccourcissez\u00a0: {longest} caractères au plus."
        if problems:
            raise InvalidInput(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class KindActivityDetails:
    """One part of the programme that events of a kind begin with, as typed.

    `day` counts from 0; `starts_after_minutes` from the start of the event, on each day.
    """

    format: ActivityFormat
    title: str
    day: int = 0
    starts_after_minutes: int | None = None
    duration_minutes: int | None = None
    track: str = ""
    capacity_onsite: int | None = None
    capacity_remote: int | None = None
    registration: ActivityRegistration = ActivityRegistration.OPEN
    counts_presence: bool = True

    def check(self) -> None:
        """Raise InvalidInput with every field that cannot be taken as it is."""
        problems = _label_problems(self.title, TITLE_MAX, "title")
        if not 0 <= self.day < LONGEST_DAYS:
            problems["day"] = f"Un nombre de 1 à {LONGEST_DAYS}."
        starts, lasts = self.starts_after_minutes, self.duration_minutes
        if starts is not None and not EARLIEST_MINUTES <= starts < 24 * 60:
            problems["starts_at"] = "Vérifiez l’heure\u00a0: elle est trop loin du début."
        if lasts is not None:
            if starts is None:
                problems["starts_at"] = "Donnez aussi l’heure de début."
            elif not 0 < lasts <= 24 * 60:
                problems["ends_at"] = "Donnez une heure de fin qui suit celle du début."
        if len(self.track) > TRACK_MAX:
            problems["track"] = f"Raccourcissez\u00a0: {TRACK_MAX} caractères au plus."
        for name in ("capacity_onsite", "capacity_remote"):
            capacity = getattr(self, name)
            if capacity is not None and not 0 <= capacity <= CAPACITY_MAX:
                problems[name] = _PLACES
        if problems:
            raise InvalidInput(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryDetails:
    """What a person may declare to be, as typed; `lacoop` is a key of LACOOP_LABELS or nothing."""

    label: str
    lacoop: str = ""

    def check(self) -> None:
        """Raise InvalidInput with every field that cannot be taken as it is."""
        problems = _label_problems(self.label, CATEGORY_LABEL_MAX)
        if len(self.lacoop) > KIND_CODE_MAX:
            problems["lacoop"] = "Choisissez dans la liste."
        if problems:
            raise InvalidInput(problems)


def _label_problems(label: str, longest: int, name: str = "label") -> dict[str, str]:
    if not any(character.isalnum() for character in label):
        return {name: "Donnez un nom." if name == "label" else "Donnez un titre."}
    if len(label) > longest:
        return {name: f"Raccourcissez\u00a0: {longest} caractères au plus."}
    return {}
