"""Templates of kinds, rooms and speakers, series, merges of structures, logos, former addresses.

Revision: 0002
Down revision: 0001
"""

import sqlalchemy as sa
from alembic import op

from eventhub.domain.naming import search_text, titled_search_text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_FORMAT_LABELS = {
    "plenary": "Plénière",
    "talk": "Conférence",
    "workshop": "Atelier",
    "round-table": "Table ronde",
    "stand": "Stand",
    "forum": "Forum",
    "pitch": "Pitch",
    "cafe-ia": "Café IA",
    "break": "Pause",
    "meal": "Repas",
    "other": "Autre",
}
"""The words under which the parts of a programme are found."""


def upgrade() -> None:
    op.create_table(
        "kind_activities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind_code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("starts_after_minutes", sa.Integer(), nullable=True),
        sa.Column("duration_minutes", sa.Integer(), nullable=True),
        sa.Column("track", sa.String(length=100), nullable=False),
        sa.Column("capacity_onsite", sa.Integer(), nullable=True),
        sa.Column("capacity_remote", sa.Integer(), nullable=True),
        sa.Column("registration", sa.String(length=32), nullable=False),
        sa.Column("counts_presence", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kind_code"],
            ["event_kinds.code"],
            name=op.f("fk_kind_activities_kind_code_event_kinds"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kind_activities")),
    )
    with op.batch_alter_table("kind_activities", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_kind_activities_kind_code"), ["kind_code"], unique=False
        )

    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("kind_code", sa.String(length=40), nullable=False),
        sa.Column("bassin_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("usual_start", sa.Time(), nullable=True),
        sa.Column("duration_minutes", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["bassin_id"], ["bassins_de_vie.id"], name=op.f("fk_series_bassin_id_bassins_de_vie")
        ),
        sa.ForeignKeyConstraint(
            ["kind_code"], ["event_kinds.code"], name=op.f("fk_series_kind_code_event_kinds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("slug", name=op.f("uq_series_slug")),
    )
    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_series_kind_code"), ["kind_code"], unique=False)

    op.create_table(
        "structure_logos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("structure_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["structure_id"],
            ["structures.id"],
            name=op.f("fk_structure_logos_structure_id_structures"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_structure_logos")),
        sa.UniqueConstraint("structure_id", name=op.f("uq_structure_logos_structure_id")),
    )
    with op.batch_alter_table("structure_logos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_structure_logos_sha256"), ["sha256"], unique=False)

    op.create_table(
        "structure_merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("merged_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by", sa.String(length=200), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=200), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["structures.id"], name=op.f("fk_structure_merges_kept_id_structures")
        ),
        sa.ForeignKeyConstraint(
            ["merged_id"], ["structures.id"], name=op.f("fk_structure_merges_merged_id_structures")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_structure_merges")),
    )
    with op.batch_alter_table("structure_merges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_structure_merges_kept_id"), ["kept_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_structure_merges_merged_id"), ["merged_id"], unique=False
        )

    op.create_table(
        "series_cadences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("half_months", sa.Integer(), nullable=False),
        sa.CheckConstraint("half_months > 0", name=op.f("ck_series_cadences_positive")),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["series.id"],
            name=op.f("fk_series_cadences_series_id_series"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series_cadences")),
        sa.UniqueConstraint("series_id", "since", name=op.f("uq_series_cadences_series_id")),
    )
    op.create_table(
        "series_departements",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("departement_code", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["departement_code"],
            ["departements.code"],
            name=op.f("fk_series_departements_departement_code_departements"),
        ),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["series.id"],
            name=op.f("fk_series_departements_series_id_series"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "series_id", "departement_code", name=op.f("pk_series_departements")
        ),
    )
    with op.batch_alter_table("series_departements", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_series_departements_departement_code"),
            ["departement_code"],
            unique=False,
        )

    op.create_table(
        "series_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("category_code", sa.String(length=40), nullable=True),
        sa.Column("structure_id", sa.Integer(), nullable=True),
        sa.Column("structure_name", sa.String(length=200), nullable=False),
        sa.Column("departement_code", sa.String(length=3), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["category_code"],
            ["categories.code"],
            name=op.f("fk_series_members_category_code_categories"),
        ),
        sa.ForeignKeyConstraint(
            ["departement_code"],
            ["departements.code"],
            name=op.f("fk_series_members_departement_code_departements"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_series_members_person_id_persons")
        ),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["series.id"],
            name=op.f("fk_series_members_series_id_series"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["structure_id"],
            ["structures.id"],
            name=op.f("fk_series_members_structure_id_structures"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series_members")),
    )
    with op.batch_alter_table("series_members", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_series_members_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_series_members_structure_id"), ["structure_id"], unique=False
        )
        batch_op.create_index(
            "uq_series_members_live",
            ["series_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )

    op.create_table(
        "event_rooms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["events.id"],
            name=op.f("fk_event_rooms_event_id_events"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_rooms")),
        sa.UniqueConstraint("event_id", "name_key", name=op.f("uq_event_rooms_event_id")),
    )
    op.create_table(
        "former_slugs",
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["events.id"],
            name=op.f("fk_former_slugs_event_id_events"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_former_slugs")),
    )
    with op.batch_alter_table("former_slugs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_slugs_event_id"), ["event_id"], unique=False)

    op.create_table(
        "activity_speakers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=100), nullable=False),
        sa.Column("structure_id", sa.Integer(), nullable=True),
        sa.Column("may_be_named", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_activity_speakers_activity_id_activities"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["structure_id"],
            ["structures.id"],
            name=op.f("fk_activity_speakers_structure_id_structures"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_speakers")),
    )
    with op.batch_alter_table("activity_speakers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_activity_speakers_activity_id"), ["activity_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_activity_speakers_structure_id"), ["structure_id"], unique=False
        )

    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("structure_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_accounts_structure_id"), ["structure_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_accounts_structure_id_structures"),
            "structures",
            ["structure_id"],
            ["id"],
        )

    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "remote_link", sa.String(length=500), nullable=False, server_default=sa.text("''")
            )
        )
        batch_op.add_column(
            sa.Column(
                "registration",
                sa.String(length=32),
                nullable=False,
                server_default=sa.text("'open'"),
            )
        )
        batch_op.add_column(
            sa.Column("counts_presence", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(
            sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1"))
        )
        batch_op.add_column(
            sa.Column("search_text", sa.Text(), nullable=False, server_default=sa.text("''"))
        )

    with op.batch_alter_table("categories", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(
            sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1"))
        )

    with op.batch_alter_table("event_kinds", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(
            sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1"))
        )
        batch_op.add_column(sa.Column("usual_start", sa.Time(), nullable=True))
        batch_op.add_column(sa.Column("duration_minutes", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "mode", sa.String(length=32), nullable=False, server_default=sa.text("'onsite'")
            )
        )
        batch_op.add_column(sa.Column("capacity_onsite", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("capacity_remote", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("waiting_list", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(
            sa.Column(
                "promotion_delay_hours", sa.Integer(), nullable=False, server_default=sa.text("24")
            )
        )
        batch_op.add_column(sa.Column("opens_before_days", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("closes_before_hours", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "reminder_hours", sa.JSON(), nullable=False, server_default=sa.text("'[168, 24]'")
            )
        )
        batch_op.add_column(
            sa.Column("mail_note", sa.Text(), nullable=False, server_default=sa.text("''"))
        )
        batch_op.add_column(
            sa.Column("summary", sa.Text(), nullable=False, server_default=sa.text("''"))
        )
        batch_op.add_column(
            sa.Column(
                "audience", sa.String(length=300), nullable=False, server_default=sa.text("''")
            )
        )
        batch_op.add_column(
            sa.Column(
                "entrance_unit",
                sa.String(length=32),
                nullable=False,
                server_default=sa.text("'day'"),
            )
        )

    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.add_column(sa.Column("starts_half", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("ends_half", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("previous_starts_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("previous_starts_at", sa.DateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(
            sa.Column(
                "entrance_unit",
                sa.String(length=32),
                nullable=False,
                server_default=sa.text("'day'"),
            )
        )
        batch_op.add_column(
            sa.Column(
                "promotion_delay_hours", sa.Integer(), nullable=False, server_default=sa.text("24")
            )
        )
        batch_op.add_column(
            sa.Column(
                "reminder_hours", sa.JSON(), nullable=False, server_default=sa.text("'[168, 24]'")
            )
        )
        batch_op.add_column(
            sa.Column("mail_note", sa.Text(), nullable=False, server_default=sa.text("''"))
        )
        batch_op.add_column(sa.Column("series_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1"))
        )
        batch_op.add_column(sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_events_series_id"), ["series_id"], unique=False)
        batch_op.drop_index("ix_events_state_ends_on")
        batch_op.create_index(
            "ix_events_ends_on_state_kind", ["ends_on", "state", "kind_code"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_events_series_id_series"), "series", ["series_id"], ["id"]
        )

    with op.batch_alter_table("minutes", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("search_text", sa.Text(), nullable=False, server_default=sa.text("''"))
        )

    with op.batch_alter_table("partnerships", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("shows_logo", sa.Boolean(), nullable=False, server_default=sa.true())
        )

    with op.batch_alter_table("structures", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "website", sa.String(length=300), nullable=False, server_default=sa.text("''")
            )
        )
        batch_op.add_column(
            sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1"))
        )
        batch_op.add_column(
            sa.Column("search_text", sa.Text(), nullable=False, server_default=sa.text("''"))
        )

    _fill()
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.drop_column("speakers")


def _fill() -> None:
    """Speakers become rows of their own, breaks are not counted, searches have their text."""
    connection = op.get_bind()
    activities = sa.table(
        "activities",
        *map(sa.column, ("id", "format", "title", "summary", "speakers", "search_text")),
        sa.column("counts_presence", sa.Boolean()),
    )
    speakers = sa.table(
        "activity_speakers",
        *map(sa.column, ("activity_id", "position", "name", "role")),
        sa.column("may_be_named", sa.Boolean()),
    )
    connection.execute(
        sa.update(activities).where(activities.c.format == "break").values(counts_presence=False)
    )
    for row in connection.execute(
        sa.select(
            activities.c.id,
            activities.c.format,
            activities.c.title,
            activities.c.summary,
            activities.c.speakers,
        )
    ).all():
        label = _FORMAT_LABELS.get(row.format, "")
        connection.execute(
            sa.update(activities)
            .where(activities.c.id == row.id)
            .values(search_text=titled_search_text(row.title, label, row.summary))
        )
        names = [name.strip() for name in row.speakers.split(",") if name.strip()]
        for position, name in enumerate(names):
            # They stood on the public page: they had agreed to be named.
            connection.execute(
                sa.insert(speakers).values(
                    activity_id=row.id,
                    position=position,
                    name=name[:200],
                    role="",
                    may_be_named=True,
                )
            )
    events = sa.table(
        "events",
        sa.column("id"),
        sa.column("state"),
        sa.column("published_at"),
        sa.column("created_at"),
        sa.column("title"),
        sa.column("search_text"),
    )
    for event in connection.execute(
        sa.select(events.c.id, events.c.title, events.c.search_text)
    ).all():
        title = search_text(event.title)
        if event.search_text.startswith(title):
            connection.execute(
                sa.update(events)
                .where(events.c.id == event.id)
                .values(search_text=f"{title}\n{event.search_text[len(title) + 1 :]}")
            )
    connection.execute(
        sa.update(events).where(events.c.state != "draft").values(published_at=events.c.created_at)
    )
    structures = sa.table("structures", *map(sa.column, ("id", "name", "search_text")))
    aliases = sa.table("structure_aliases", *map(sa.column, ("structure_id", "name")))
    for structure in connection.execute(sa.select(structures.c.id, structures.c.name)).all():
        others = connection.execute(
            sa.select(aliases.c.name).where(aliases.c.structure_id == structure.id)
        ).scalars()
        connection.execute(
            sa.update(structures)
            .where(structures.c.id == structure.id)
            .values(search_text=titled_search_text(structure.name, *others))
        )
    minutes = sa.table("minutes", *map(sa.column, ("id", "search_text")))
    revisions = sa.table(
        "minutes_revisions", *map(sa.column, ("minutes_id", "number", "title", "body"))
    )
    for told in connection.execute(
        sa.select(revisions.c.minutes_id, revisions.c.title, revisions.c.body).order_by(
            revisions.c.minutes_id, revisions.c.number
        )
    ).all():
        connection.execute(
            sa.update(minutes)
            .where(minutes.c.id == told.minutes_id)
            .values(search_text=titled_search_text(told.title, told.body))
        )


def downgrade() -> None:
    with op.batch_alter_table("structures", schema=None) as batch_op:
        batch_op.drop_column("search_text")
        batch_op.drop_column("version")
        batch_op.drop_column("website")

    with op.batch_alter_table("partnerships", schema=None) as batch_op:
        batch_op.drop_column("shows_logo")

    with op.batch_alter_table("minutes", schema=None) as batch_op:
        batch_op.drop_column("search_text")

    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_events_series_id_series"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_events_series_id"))
        batch_op.drop_index("ix_events_ends_on_state_kind")
        batch_op.create_index("ix_events_state_ends_on", ["state", "ends_on"], unique=False)
        batch_op.drop_column("published_at")
        batch_op.drop_column("version")
        batch_op.drop_column("series_id")
        batch_op.drop_column("mail_note")
        batch_op.drop_column("reminder_hours")
        batch_op.drop_column("promotion_delay_hours")
        batch_op.drop_column("entrance_unit")
        batch_op.drop_column("previous_starts_at")
        batch_op.drop_column("previous_starts_on")
        batch_op.drop_column("ends_half")
        batch_op.drop_column("starts_half")

    with op.batch_alter_table("event_kinds", schema=None) as batch_op:
        batch_op.drop_column("entrance_unit")
        batch_op.drop_column("audience")
        batch_op.drop_column("summary")
        batch_op.drop_column("mail_note")
        batch_op.drop_column("reminder_hours")
        batch_op.drop_column("closes_before_hours")
        batch_op.drop_column("opens_before_days")
        batch_op.drop_column("promotion_delay_hours")
        batch_op.drop_column("waiting_list")
        batch_op.drop_column("capacity_remote")
        batch_op.drop_column("capacity_onsite")
        batch_op.drop_column("mode")
        batch_op.drop_column("duration_minutes")
        batch_op.drop_column("usual_start")
        batch_op.drop_column("version")
        batch_op.drop_column("active")

    with op.batch_alter_table("categories", schema=None) as batch_op:
        batch_op.drop_column("version")
        batch_op.drop_column("active")

    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "speakers", sa.String(length=500), nullable=False, server_default=sa.text("''")
            )
        )
        batch_op.drop_column("search_text")
        batch_op.drop_column("version")
        batch_op.drop_column("counts_presence")
        batch_op.drop_column("registration")
        batch_op.drop_column("remote_link")

    _give_back()
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_accounts_structure_id_structures"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_accounts_structure_id"))
        batch_op.drop_column("structure_id")

    with op.batch_alter_table("activity_speakers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_speakers_structure_id"))
        batch_op.drop_index(batch_op.f("ix_activity_speakers_activity_id"))

    op.drop_table("activity_speakers")
    with op.batch_alter_table("former_slugs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_slugs_event_id"))

    op.drop_table("former_slugs")
    op.drop_table("event_rooms")
    with op.batch_alter_table("series_members", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_series_members_live",
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_series_members_structure_id"))
        batch_op.drop_index(batch_op.f("ix_series_members_person_id"))

    op.drop_table("series_members")
    with op.batch_alter_table("series_departements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_series_departements_departement_code"))

    op.drop_table("series_departements")
    op.drop_table("series_cadences")
    with op.batch_alter_table("structure_merges", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_structure_merges_merged_id"))
        batch_op.drop_index(batch_op.f("ix_structure_merges_kept_id"))

    op.drop_table("structure_merges")
    with op.batch_alter_table("structure_logos", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_structure_logos_sha256"))

    op.drop_table("structure_logos")
    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_series_kind_code"))

    op.drop_table("series")
    with op.batch_alter_table("kind_activities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kind_activities_kind_code"))

    op.drop_table("kind_activities")


def _give_back() -> None:
    """Names of speakers return to their activity; nobody's rights grow.

    An account of co-organisation has no equal before: it is closed.
    """
    connection = op.get_bind()
    activities = sa.table("activities", sa.column("id"), sa.column("speakers"))
    speakers = sa.table(
        "activity_speakers",
        *map(sa.column, ("id", "activity_id", "position", "name")),
        sa.column("may_be_named", sa.Boolean()),
    )
    names: dict[int, list[str]] = {}
    for row in connection.execute(
        sa.select(speakers.c.activity_id, speakers.c.name)
        .where(speakers.c.may_be_named)
        .order_by(speakers.c.activity_id, speakers.c.position, speakers.c.id)
    ).all():
        names.setdefault(row.activity_id, []).append(row.name)
    for activity_id, told in names.items():
        connection.execute(
            sa.update(activities)
            .where(activities.c.id == activity_id)
            .values(speakers=", ".join(told)[:500])
        )
    accounts = sa.table("accounts", sa.column("role"), sa.column("active", sa.Boolean()))
    connection.execute(
        sa.update(accounts)
        .where(accounts.c.role == "co-organiser")
        .values(role="staff-figures", active=False)
    )
    mails = sa.table("outgoing_mails", sa.column("kind"))
    connection.execute(
        sa.delete(mails).where(mails.c.kind.in_(["event-invitation", "co-organiser-invited"]))
    )
