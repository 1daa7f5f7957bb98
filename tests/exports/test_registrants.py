from datetime import UTC, datetime
from pathlib import Path

from eventhub.domain.registration import (
    AttendanceMode,
    RegistrationOrigin,
    RegistrationRole,
    RegistrationState,
)
from eventhub.exports.registrants import registrants_csv
from eventhub.queries.paper import Registrant

GOLDEN = Path(__file__).parents[1] / "golden" / "registrants.csv"


def test_the_list_of_registrants_is_the_golden_one() -> None:
    plain = Registrant(
        given_name="Inès",
        family_name="Aubertin",
        email="ines.aubertin@example.org",
        structure="Espace France services de Mer",
        category="Médiatrice ou médiateur numérique",
        departement_code="41",
        departement="Loir-et-Cher",
        mode=AttendanceMode.ONSITE,
        role=RegistrationRole.PARTICIPANT,
        state=RegistrationState.CONFIRMED,
        waiting_rank=None,
        origin=RegistrationOrigin.ONLINE,
        created_at=datetime(2026, 11, 18, 8, 30, tzinfo=UTC),
        cancelled_at=None,
        excused_at=None,
        present=True,
    )
    withdrawn = Registrant(
        given_name='=HYPERLINK("https://example.org")',
        family_name="-2+3; « O’Neill »",
        email=None,
        structure="@SUM(A1:A9)",
        category="",
        departement_code=None,
        departement="",
        mode=AttendanceMode.REMOTE,
        role=RegistrationRole.SPEAKER,
        state=RegistrationState.CANCELLED,
        waiting_rank=None,
        origin=RegistrationOrigin.STAFF,
        created_at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC),
        cancelled_at=datetime(2026, 7, 2, 8, 0, tzinfo=UTC),
        excused_at=datetime(2026, 7, 2, 8, 0, tzinfo=UTC),
        present=False,
    )
    waiting = Registrant(
        given_name="علي",
        family_name="محمد 👩‍💻",
        email="ali@example.org",
        structure="",
        category="Élu·e",
        departement_code="2A",
        departement="Corse-du-Sud",
        mode=AttendanceMode.ONSITE,
        role=RegistrationRole.PARTICIPANT,
        state=RegistrationState.WAITING,
        waiting_rank=12,
        origin=RegistrationOrigin.DOOR,
        created_at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
        cancelled_at=None,
        excused_at=None,
        present=False,
    )
    made = registrants_csv([plain, withdrawn, waiting], "Europe/Paris")
    assert made == GOLDEN.read_bytes()
