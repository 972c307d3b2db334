"""Rules that the database itself keeps: cooling-off, append-only rows, news of progress."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COOLING_OFF = """
CREATE FUNCTION refuse_early_use_of_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'cooling_off' THEN
        IF NEW.cooling_off_until < OLD.cooling_off_until OR NEW.site_id <> OLD.site_id THEN
            RAISE EXCEPTION 'a number in cooling-off keeps its date and its site'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'phone_number_cooling_off';
        END IF;
    ELSIF NEW.state <> 'available' OR OLD.cooling_off_until > clock_timestamp() THEN
        RAISE EXCEPTION 'the number is cooling off until %', OLD.cooling_off_until
            USING ERRCODE = 'check_violation', CONSTRAINT = 'phone_number_cooling_off';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER phone_number_cooling_off BEFORE UPDATE ON phone_numbers
    FOR EACH ROW WHEN (OLD.state = 'cooling_off')
    EXECUTE FUNCTION refuse_early_use_of_number();
"""

APPEND_ONLY = """
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are written once and stay', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""

NEWS = """
CREATE FUNCTION tell_progress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('progress', changed.id::text)
    FROM (SELECT DISTINCT {column} AS id FROM changed_rows) AS changed;
    RETURN NULL;
END $$;
"""


# A pending task is in one of three phases and an ended one in none of them; without knowing that,
# the planner takes the wrong index for lists filtered by both.
STATISTICS = "CREATE STATISTICS tasks_state_phase (mcv) ON state, phase FROM tasks"


def upgrade() -> None:
    op.execute(STATISTICS)
    op.execute(COOLING_OFF)
    op.execute(APPEND_ONLY)
    for table in ("audit_events", "case_comments", "case_statuses"):
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
        )
    for table, column in (("tasks", "decommission_id"), ("decommissions", "id")):
        op.execute(
            NEWS.replace("tell_progress", f"tell_progress_of_{table}").replace("{column}", column)
        )
        op.execute(
            f"CREATE TRIGGER {table}_progress AFTER UPDATE ON {table} "
            "REFERENCING NEW TABLE AS changed_rows "
            f"FOR EACH STATEMENT EXECUTE FUNCTION tell_progress_of_{table}()"
        )
    op.execute(
        "CREATE FUNCTION tell_outbox() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_notify('outbox', ''); RETURN NULL; END $$;"
        "CREATE TRIGGER outbox_news AFTER INSERT ON outbox "
        "FOR EACH STATEMENT EXECUTE FUNCTION tell_outbox()"
    )
