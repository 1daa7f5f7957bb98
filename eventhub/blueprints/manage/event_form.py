"""The form of an event: creation and « Réglages » share it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import (
    URL,
    Email,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)
from wtforms.widgets import CheckboxInput

from eventhub.domain.event import (
    DAY_HALF_LABELS,
    ENTRANCE_UNIT_LABELS,
    EVENT_MODE_LABELS,
    HUB_ROLE_LABELS,
    DatePrecision,
    DayHalf,
    EntranceUnit,
    EventMode,
    HubRole,
    PartnershipRole,
)
from eventhub.domain.event_details import (
    ADDRESS_MAX,
    AUDIENCE_MAX,
    CAPACITY_MAX,
    CONTACT_MAX,
    LINK_MAX,
    LONG_TEXT_MAX,
    MAIL_NOTE_MAX,
    PLACE_MAX,
    PROMOTION_DELAY_MAX,
    REMINDER_LABELS,
    TITLE_MAX,
    EventDetails,
)
from eventhub.domain.kinds import KIND_FAMILY_LABELS
from eventhub.domain.registration import EMAIL_MAX, STRUCTURE_NAME_MAX
from eventhub.exports import wording
from eventhub.models.account import Account
from eventhub.models.event import Event
from eventhub.queries import reference
from eventhub.queries.preparation_choices import events_to_prepare
from eventhub.web.auth import current_actor
from eventhub.web.forms import (
    HourField,
    LineField,
    LinesField,
    OptionalSelectField,
    VersionField,
    tidy,
)
from eventhub.web.once import OnceForm

STRUCTURES_MAX = 60

_PRECISION_LABELS = {
    DatePrecision.DAY: "Oui, le jour est connu",
    DatePrecision.ALTERNATIVES: "Pas tout à fait : un jour parmi plusieurs",
    DatePrecision.MONTH: "Le mois seulement",
    DatePrecision.SEASON: "La saison seulement",
    DatePrecision.YEAR: "L’année seulement",
    DatePrecision.RANGE: "Entre deux mois",
}

_MODES = (EventMode.ONSITE, EventMode.REMOTE, EventMode.HYBRID)

_STRUCTURE_FIELDS = {
    "organisers": PartnershipRole.ORGANISER,
    "co_organisers": PartnershipRole.CO_ORGANISER,
    "partners": PartnershipRole.PARTNER,
}

OTHER_DATES = tuple(f"other_date_{number}" for number in range(1, 10))

FIELD_OF = {"other_dates": "other_date_1"}
"""Names of the fields where they are not those of EventDetails."""

_HALVES = [
    SelectChoice("", "Toute la journée"),
    *(SelectChoice(half.value, wording.capitalise(text)) for half, text in DAY_HALF_LABELS.items()),
]

_DATETIME_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


class EventForm(OnceForm):
    """What an organiser writes of an event. Only the first section is needed to make one."""

    kind_code = SelectField("Type d’évènement", [InputRequired("Choisissez dans la liste.")])
    title = LineField("Titre", [InputRequired(), Length(max=TITLE_MAX)])
    starts_on = DateField("Premier jour", [InputRequired("Donnez une date.")])
    ends_on = DateField("Dernier jour, s’il y en a plusieurs", [Optional()])
    starts_at = HourField("Heure de début", [Optional()])
    ends_at = HourField("Heure de fin", [Optional()])
    precision = RadioField(
        "La date est-elle fixée ?",
        choices=[SelectChoice(key.value, text) for key, text in _PRECISION_LABELS.items()],
        default=DatePrecision.DAY.value,
    )
    other_date_1 = DateField("Autre jour possible", [Optional()])
    other_date_2 = DateField("Encore un autre", [Optional()])
    other_date_3 = DateField("Un troisième", [Optional()])
    other_date_4 = DateField("Un quatrième", [Optional()])
    other_date_5 = DateField("Un cinquième", [Optional()])
    other_date_6 = DateField("Un sixième", [Optional()])
    other_date_7 = DateField("Un septième", [Optional()])
    other_date_8 = DateField("Un huitième", [Optional()])
    other_date_9 = DateField("Et un dernier", [Optional()])
    starts_half = OptionalSelectField("Moitié de journée, au début", choices=_HALVES)
    ends_half = OptionalSelectField("Moitié de journée, à la fin", choices=_HALVES)
    entrance_unit = RadioField(
        "À l’accueil, la présence se note",
        choices=[SelectChoice(unit.value, text) for unit, text in ENTRANCE_UNIT_LABELS.items()],
        default=EntranceUnit.DAY.value,
    )
    departement_codes = SelectMultipleField(
        "Départements",
        [InputRequired("Choisissez au moins un département.")],
        option_widget=CheckboxInput(),
    )
    mode = RadioField(
        "Comment vient-on ?",
        default=EventMode.ONSITE.value,
    )
    place = LineField("Lieu et commune", [Length(max=PLACE_MAX)])

    registration_enabled = BooleanField("Les inscriptions se font ici", default=True)
    capacity_onsite = IntegerField(
        "Places sur place", [Optional(), NumberRange(min=0, max=CAPACITY_MAX)]
    )
    capacity_remote = IntegerField(
        "Places à distance", [Optional(), NumberRange(min=0, max=CAPACITY_MAX)]
    )
    waiting_list = BooleanField("Tenir une liste d’attente quand c’est complet", default=True)
    registration_opens_at = DateTimeLocalField(
        "Ouverture des inscriptions", [Optional()], format=_DATETIME_FORMATS
    )
    registration_closes_at = DateTimeLocalField(
        "Fermeture des inscriptions", [Optional()], format=_DATETIME_FORMATS
    )

    summary = LinesField("Présentation", [Length(max=LONG_TEXT_MAX)])
    audience = LineField("Pour qui", [Length(max=AUDIENCE_MAX)])
    address = LineField("Adresse", [Length(max=ADDRESS_MAX)])
    access = LinesField("Venir", [Length(max=LONG_TEXT_MAX)])
    accessibility = LinesField("Accessibilité du lieu", [Length(max=LONG_TEXT_MAX)])
    remote_link = LineField(
        "Lien pour suivre à distance", [Optional(), Length(max=LINK_MAX), URL(require_tld=False)]
    )
    bassin_id = SelectField("Bassin de vie", coerce=lambda value: int(value) if value else None)

    contact_name = LineField("Personne à qui écrire", [Length(max=CONTACT_MAX)])
    contact_email = LineField("Son courriel", [Optional(), Length(max=EMAIL_MAX), Email()])
    hub_role = SelectField(
        "Rôle du hub",
        choices=[SelectChoice(role.value, text) for role, text in HUB_ROLE_LABELS.items()],
        default=HubRole.ORGANISER.value,
    )
    organisers = LinesField("Structures organisatrices")
    co_organisers = LinesField("Structures co-organisatrices")
    partners = LinesField("Structures partenaires")
    prepares = OptionalSelectField("Cette réunion prépare", validate_choice=True)

    mail_note = LinesField("À savoir avant de venir", [Length(max=MAIL_NOTE_MAX)])
    reminder_hours = SelectMultipleField(
        "Rappels", coerce=int, default=[168, 24], option_widget=CheckboxInput()
    )
    promotion_delay_hours = IntegerField(
        "Heures avant le début où la liste d’attente ne bouge plus",
        [Optional(), NumberRange(min=0, max=PROMOTION_DELAY_MAX)],
        default=24,
    )

    version = VersionField()
    started_from = HiddenField()

    def offer(self, session: Session, today: date, event: Event | None = None) -> None:
        """Fill the lists to choose from; what the event holds stays on offer."""
        kept_bassin = event.bassin_id if event is not None else None
        names = {item.code: item.name for item in reference.departements(session)}
        self.kind_code.choices = [
            SelectChoice("", "Choisir dans la liste"),
            *(
                SelectChoice(kind.code, kind.label, optgroup=KIND_FAMILY_LABELS[kind.family])
                for kind in reference.kinds_on_offer(session, event.kind_code if event else None)
            ),
        ]
        self.departement_codes.choices = [
            SelectChoice(code, f"{name} ({code})") for code, name in names.items()
        ]
        self.bassin_id.choices = [
            SelectChoice("", "Aucun, ou plusieurs"),
            *(
                SelectChoice(str(bassin.id), bassin.name, optgroup=names[bassin.departement_code])
                for bassin in reference.bassins_on(session, today, kept_bassin)
            ),
        ]
        unknown = event is not None and event.mode is EventMode.UNKNOWN
        modes = (*_MODES, EventMode.UNKNOWN) if unknown else _MODES
        self.mode.choices = [SelectChoice(mode.value, EVENT_MODE_LABELS[mode]) for mode in modes]
        self.reminder_hours.choices = reminder_choices(event.reminder_hours if event else ())
        self.prepares.choices = [
            SelectChoice("", "Aucun évènement"),
            *(
                SelectChoice(found.slug, f"{found.title}, {wording.event_days(found)}")
                for found in events_to_prepare(session, current_actor(), today, event)
            ),
        ]

    def validate_organisers(self, field: Any) -> None:
        """Refuse names that cannot be stored; the two other lists likewise."""
        _check_structures(field)

    validate_co_organisers = validate_organisers
    validate_partners = validate_organisers

    def details(self, timezone: str) -> EventDetails:
        """What was typed, once `validate` has said yes. Hours are in `timezone`."""
        zone = ZoneInfo(timezone)

        def moment(typed: datetime | None) -> datetime | None:
            return typed.replace(tzinfo=zone) if typed is not None else None

        others = (self[name].data for name in OTHER_DATES)
        return EventDetails(
            title=self.title.data,
            kind_code=self.kind_code.data,
            departement_codes=tuple(self.departement_codes.data),
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            precision=DatePrecision(self.precision.data),
            other_dates=tuple(on for on in others if on is not None),
            starts_at=self.starts_at.data,
            ends_at=self.ends_at.data,
            starts_half=_half(self.starts_half.data),
            ends_half=_half(self.ends_half.data),
            entrance_unit=EntranceUnit(self.entrance_unit.data),
            mode=EventMode(self.mode.data),
            place=self.place.data,
            address=self.address.data,
            access=self.access.data,
            accessibility=self.accessibility.data,
            remote_link=self.remote_link.data,
            bassin_id=self.bassin_id.data,
            summary=self.summary.data,
            audience=self.audience.data,
            hub_role=HubRole(self.hub_role.data),
            contact_name=self.contact_name.data,
            contact_email=self.contact_email.data,
            organisers=_names(self.organisers.data),
            co_organisers=_names(self.co_organisers.data),
            partners=_names(self.partners.data),
            registration_enabled=self.registration_enabled.data,
            registration_opens_at=moment(self.registration_opens_at.data),
            registration_closes_at=moment(self.registration_closes_at.data),
            waiting_list=self.waiting_list.data,
            capacity_onsite=self.capacity_onsite.data,
            capacity_remote=self.capacity_remote.data,
            promotion_delay_hours=(
                24 if self.promotion_delay_hours.data is None else self.promotion_delay_hours.data
            ),
            reminder_hours=tuple(self.reminder_hours.data or ()),
            mail_note=self.mail_note.data,
            prepares=self.prepares.data or "",
        )


def blank_values(account: Account, hub_structure: str) -> dict[str, Any]:
    """What a new event's form starts with: whom to write to, and the hub as organiser."""
    departements = account.departements
    return {
        "contact_name": account.display_name,
        "contact_email": account.email,
        "organisers": hub_structure,
        "departement_codes": [departements[0].code] if len(departements) == 1 else [],
    }


def event_values(event: Event) -> dict[str, Any]:
    """What the form of an existing event starts with."""
    zone = ZoneInfo(event.timezone)

    def local(moment: datetime | None) -> datetime | None:
        return moment.astimezone(zone) if moment is not None else None

    starts_at, ends_at = local(event.starts_at), local(event.ends_at)
    alternatives = [alternative.on for alternative in event.alternatives]
    others = [*alternatives[1:], *(None for _ in OTHER_DATES)]
    one_day = event.starts_on == event.ends_on
    is_range = event.date_precision in {DatePrecision.DAY, DatePrecision.RANGE}
    same = {
        name: getattr(event, name)
        for name in (
            "kind_code", "title", "starts_on", "place", "registration_enabled",
            "capacity_onsite", "capacity_remote", "waiting_list", "summary", "audience",
            "address", "access", "accessibility", "remote_link", "bassin_id", "contact_name",
            "contact_email", "mail_note", "promotion_delay_hours",
        )
    }  # fmt: skip
    return (
        same
        | {
            "ends_on": event.ends_on if is_range and event.ends_on != event.starts_on else None,
            "starts_at": starts_at.time() if starts_at else None,
            "ends_at": ends_at.time() if ends_at else None,
            "precision": event.date_precision.value,
            "departement_codes": [departement.code for departement in event.departements],
            "mode": event.mode.value,
            "registration_opens_at": local(event.registration_opens_at),
            "registration_closes_at": local(event.registration_closes_at),
            "hub_role": event.hub_role.value,
            "starts_half": event.starts_half.value if event.starts_half else None,
            "ends_half": (
                event.ends_half.value
                if event.ends_half and not (one_day and event.ends_half is event.starts_half)
                else None
            ),
            "entrance_unit": event.entrance_unit.value,
            "reminder_hours": list(event.reminder_hours),
            "prepares": event.prepares.slug if event.prepares else None,
            "version": str(event.version),
        }
        | dict(zip(OTHER_DATES, others, strict=False))
        | {
            field: "\n".join(
                partnership.structure.name
                for partnership in event.partnerships
                if partnership.role is role
            )
            for field, role in _STRUCTURE_FIELDS.items()
        }
    )


def reminder_choices(held: Sequence[int] = ()) -> list[SelectChoice]:
    """The reminders on offer, by hours before the start; those that are `held` stay on offer."""
    hours = sorted({*REMINDER_LABELS, *held}, reverse=True)
    return [
        SelectChoice(one, REMINDER_LABELS.get(one, f"{wording.count(one, 'heure')} avant"))
        for one in hours
    ]


def _half(typed: str | None) -> DayHalf | None:
    return DayHalf(typed) if typed else None


def _names(typed: str | None) -> tuple[str, ...]:
    """One name a line."""
    lines = (tidy(line) for line in (typed or "").split("\n"))
    return tuple(line for line in lines if line)


def _check_structures(field: Any) -> None:
    names: Sequence[str] = _names(cast(str, field.data))
    if len(names) > STRUCTURES_MAX:
        raise ValidationError(f"Pas plus de {STRUCTURES_MAX} structures.")
    for name in names:
        if len(name) > STRUCTURE_NAME_MAX:
            raise ValidationError(f"Raccourcissez « {name[:40]}… » : une structure par ligne.")
        if not any(character.isalnum() for character in name):
            raise ValidationError(f"« {name[:40]} » n’est pas un nom : une structure par ligne.")
