"""What an organiser writes of an event, and the rules over it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from eventhub.domain.errors import InvalidInput
from eventhub.domain.event import DatePrecision, DayHalf, EntranceUnit, EventMode, HubRole
from eventhub.domain.event_dates import EventDates, event_dates, in_known_years

TITLE_MAX = 300
PLACE_MAX = 200
ADDRESS_MAX = 300
AUDIENCE_MAX = 300
LINK_MAX = 500
CONTACT_MAX = 200
LONG_TEXT_MAX = 10_000
CAPACITY_MAX = 100_000
MAIL_NOTE_MAX = 2_000
PROMOTION_DELAY_MAX = 24 * 60
REMINDER_MAX = 24 * 90
REMINDERS_MAX = 5

REMINDER_LABELS: dict[int, str] = {
    336: "Deux semaines avant",
    168: "Une semaine avant",
    72: "Trois jours avant",
    24: "La veille",
    2: "Deux heures avant",
}
"""The reminders that are usually offered, by hours before the start."""


def moment_of(on: date, at: time, timezone: str, field: str) -> datetime:
    """That hour of that day on the clocks of `timezone`; of an hour that comes twice, the first.

    Raises InvalidInput on `field` for an hour that clocks skip.
    """
    zone = ZoneInfo(timezone)
    found = datetime.combine(on, at, zone).astimezone(UTC)
    if found.astimezone(zone).time() != at:
        raise InvalidInput(
            {field: "Choisissez une autre heure : ce jour-là, les horloges la sautent."}
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDetails:
    """An event as typed. Hours are in the event's zone; a capacity of None is unlimited.

    `ends_on` None is the first day. `other_dates` counts for alternatives only. A half of a day
    counts where the hours are unknown. Structures are named; a name that is not known yet makes
    a new structure. `prepares` is the address (slug) of the event that this meeting prepares.
    """

    title: str
    kind_code: str
    departement_codes: tuple[str, ...]
    starts_on: date
    ends_on: date | None = None
    precision: DatePrecision = DatePrecision.DAY
    other_dates: tuple[date, ...] = ()
    starts_at: time | None = None
    ends_at: time | None = None
    starts_half: DayHalf | None = None
    ends_half: DayHalf | None = None
    entrance_unit: EntranceUnit = EntranceUnit.DAY
    mode: EventMode = EventMode.ONSITE
    place: str = ""
    address: str = ""
    access: str = ""
    accessibility: str = ""
    remote_link: str = ""
    bassin_id: int | None = None
    summary: str = ""
    audience: str = ""
    hub_role: HubRole = HubRole.ORGANISER
    contact_name: str = ""
    contact_email: str = ""
    organisers: tuple[str, ...] = ()
    co_organisers: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    registration_enabled: bool = True
    registration_opens_at: datetime | None = None
    registration_closes_at: datetime | None = None
    waiting_list: bool = True
    capacity_onsite: int | None = None
    capacity_remote: int | None = None
    promotion_delay_hours: int = 24
    reminder_hours: tuple[int, ...] = (168, 24)
    mail_note: str = ""
    prepares: str = ""

    def dates(self) -> EventDates:
        """The days that are known. Raises InvalidInput."""
        return event_dates(self.precision, self.starts_on, self.ends_on, self.other_dates)

    def hours(self, timezone: str) -> tuple[datetime | None, datetime | None]:
        """The moments of the start and of the end; None where they are not known.

        Raises InvalidInput on `starts_at` or `ends_at`.
        """
        if self.precision is not DatePrecision.DAY:
            return None, None
        dates = self.dates()
        if self.starts_at is None:
            if self.ends_at is not None:
                raise InvalidInput({"starts_at": "Donnez aussi l’heure de début."})
            return None, None
        start = moment_of(dates.starts_on, self.starts_at, timezone, "starts_at")
        if self.ends_at is None:
            return start, None
        end = moment_of(dates.ends_on, self.ends_at, timezone, "ends_at")
        if end <= start:
            raise InvalidInput({"ends_at": "Donnez une heure de fin qui suit celle du début."})
        return start, end

    def halves(self) -> tuple[DayHalf | None, DayHalf | None]:
        """The half of the first and of the last day, where the hours are unknown.

        On one day, one half alone is both. Raises InvalidInput on `ends_half`.
        """
        dates = self.dates()
        if self.precision is not DatePrecision.DAY or self.starts_at is not None:
            return None, None
        first, last = self.starts_half, self.ends_half
        if dates.starts_on == dates.ends_on:
            first, last = first or last, last or first
            if (first, last) == (DayHalf.AFTERNOON, DayHalf.MORNING):
                raise InvalidInput({"ends_half": "Le matin vient avant l’après-midi."})
        return first, last

    def check(self) -> None:
        """Raise InvalidInput with every field that cannot be taken as it is."""
        problems: dict[str, str] = {}
        if not self.title:
            problems["title"] = "Donnez un titre."
        elif len(self.title) > TITLE_MAX:
            problems["title"] = f"Raccourcissez : {TITLE_MAX} caractères au plus."
        if not self.departement_codes:
            problems["departement_codes"] = "Choisissez au moins un département."
        for step in (self.dates, lambda: self.hours("UTC"), self.halves):
            try:
                step()
            except InvalidInput as error:
                problems |= error.fields
        for name in ("capacity_onsite", "capacity_remote"):
            capacity = getattr(self, name)
            if capacity is not None and not 0 <= capacity <= CAPACITY_MAX:
                problems[name] = "Écrivez un nombre de places, ou laissez vide : sans limite."
        problems |= self._mail_problems() | self._opening_problems()
        if problems:
            raise InvalidInput(problems)

    def _opening_problems(self) -> dict[str, str]:
        problems: dict[str, str] = {}
        opens, closes = self.registration_opens_at, self.registration_closes_at
        for name, moment in (("registration_opens_at", opens), ("registration_closes_at", closes)):
            if moment is not None and not in_known_years(moment.date()):
                problems[name] = "Vérifiez l’année."
        if opens is not None and closes is not None and closes <= opens:
            problems["registration_closes_at"] = "Donnez une fermeture qui suit l’ouverture."
        return problems

    def _mail_problems(self) -> dict[str, str]:
        problems: dict[str, str] = {}
        if not 0 <= self.promotion_delay_hours <= PROMOTION_DELAY_MAX:
            problems["promotion_delay_hours"] = (
                f"Écrivez un nombre d’heures, {PROMOTION_DELAY_MAX} au plus."
            )
        if any(not 0 < hours <= REMINDER_MAX for hours in self.reminder_hours):
            problems["reminder_hours"] = "Choisissez dans la liste."
        elif len(set(self.reminder_hours)) > REMINDERS_MAX:
            problems["reminder_hours"] = f"Pas plus de {REMINDERS_MAX} rappels."
        if len(self.mail_note) > MAIL_NOTE_MAX:
            problems["mail_note"] = f"Raccourcissez : {MAIL_NOTE_MAX} caractères au plus."
        return problems
