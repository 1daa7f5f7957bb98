"""What is said of an event where more people have a place than there are places."""

from eventhub.domain.event import EventMode
from eventhub.exports import wording
from eventhub.models.event import Event


def over_capacity(event: Event) -> list[str]:
    """One sentence for each mode where places were lowered under what is taken."""
    both = event.mode is EventMode.HYBRID
    modes = (
        (event.capacity_onsite, event.taken_onsite, " sur place" if both else ""),
        (event.capacity_remote, event.taken_remote, " à distance" if both else ""),
    )
    return [
        f"{wording.count(taken, 'personne a', 'personnes ont')} une place{where} pour "
        f"{wording.integer(capacity)}\u00a0: personne n’est désinscrit. Les places libérées ne "
        f"seront redonnées qu’en dessous de {wording.integer(capacity)}."
        for capacity, taken, where in modes
        if capacity is not None and taken > capacity
    ]
