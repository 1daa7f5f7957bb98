"""How many people the rooms of an event hold."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from eventhub.domain.activity_details import ROOM_MAX, ROOMS_MAX, RoomDetails
from eventhub.domain.errors import InvalidInput
from eventhub.domain.event_details import CAPACITY_MAX
from eventhub.domain.naming import name_key
from eventhub.models.account import Account
from eventhub.models.event import Event, EventRoom
from eventhub.queries.programme import programme_rows
from eventhub.queries.programme import rooms as rooms_of
from eventhub.services.programme import note, open_programme, settle_programme


def save_rooms(
    session: Session,
    event: Event,
    rooms: Sequence[RoomDetails],
    now: datetime,
    *,
    account: Account | None = None,
) -> None:
    """Set the rooms of an event. A room with another name than it had takes its activities along.

    Raises InvalidInput (`rooms`); StateForbids for a cancelled or closed event.
    """
    open_programme(session, event)
    wanted = {name_key(room.name): room for room in rooms if room.name}
    _check([room for room in rooms if room.name])
    held = {room.name_key: room for room in rooms_of(session, event.id)}
    for key, room in held.items():
        if key not in wanted:
            session.delete(room)
    session.flush()
    for key, details in wanted.items():
        if key in held:
            held[key].name, held[key].seats = details.name, details.seats
        else:
            made = EventRoom(event_id=event.id, name=details.name, name_key=key)
            made.seats = details.seats
            session.add(made)
    renamed = {name_key(room.was): room.name for room in rooms if room.name and room.was}
    for activity in programme_rows(session, event.id):
        name = renamed.get(name_key(activity.room))
        if activity.room and name and name != activity.room:
            activity.room = name
            activity.version += 1
            note(session, event, activity, "activity-changed", now, account)
    session.expire(event, ["rooms"])
    settle_programme(session, event, now)


def _check(rooms: Sequence[RoomDetails]) -> None:
    problem = ""
    keys = [name_key(room.name) for room in rooms]
    if len(rooms) > ROOMS_MAX:
        problem = f"Pas plus de {ROOMS_MAX} salles."
    for room, key in zip(rooms, keys, strict=True):
        if not key:
            problem = f"«\u00a0{room.name[:40]}\u00a0» n’est pas le nom d’une salle."
        elif len(room.name) > ROOM_MAX or len(key) > ROOM_MAX:
            problem = f"Raccourcissez\u00a0: {ROOM_MAX} caractères au plus."
        elif keys.count(key) > 1:
            problem = f"«\u00a0{room.name}\u00a0» est là deux fois."
        elif room.seats is not None and not 1 <= room.seats <= CAPACITY_MAX:
            problem = (
                f"«\u00a0{room.name}\u00a0»\u00a0: écrivez un nombre de places, ou laissez vide."
            )
    if problem:
        raise InvalidInput({"rooms": problem})
