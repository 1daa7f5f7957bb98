"""Words of a compte-rendu."""

from enum import StrEnum


class MinutesState(StrEnum):
    """`draft → in-review → published`, with revisions; or `withdrawn`."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


MINUTES_STATE_LABELS: dict[MinutesState, str] = {
    MinutesState.DRAFT: "Brouillon",
    MinutesState.IN_REVIEW: "En relecture",
    MinutesState.PUBLISHED: "Publié",
    MinutesState.WITHDRAWN: "Retiré",
}
