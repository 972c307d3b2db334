"""Row-level security for the API: the second wall behind the filters of its queries.

The API's connections take the role `occupier_api`, which may do what its routes need and sees
rows only by these policies. The owner of the tables (worker, relay, migrations) is not held by
them. Contracts, sites and the sites of a decommission are shown to the whole operator: PRE-5
must know of all, and a start must reach the sites where its admin has no role.
"""

from alembic import op

from models.migrations.privileges import (
    ACTOR,
    AT_OWN_SITE,
    IS_SUPER_ADMIN,
    OF_DECOMMISSION,
    OF_OCCUPIER,
    OF_OPERATOR,
    OF_SEEN_OCCUPIER,
    OF_SITE,
    OPERATOR,
    OWN_SITES,
    ROLE,
    SEES_ALL,
    STAFF,
    allow,
    show,
)

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Roles belong to the server, not to a database: another one may be migrating at this moment.
CREATE_ROLE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
        CREATE ROLE {ROLE} NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the role {ROLE} is missing, and % may not create it', current_user
            USING ERRCODE = 'insufficient_privilege', HINT =
            'As a superuser: CREATE ROLE {ROLE} NOLOGIN; GRANT {ROLE} TO ' || current_user;
END $$;
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}'
                AND (rolsuper OR rolbypassrls OR rolcreaterole)) THEN
        RAISE EXCEPTION 'the role {ROLE} has rights that no policy holds'
            USING HINT = 'ALTER ROLE {ROLE} NOSUPERUSER NOBYPASSRLS NOCREATEROLE';
    END IF;
    IF NOT pg_has_role(current_user, '{ROLE}', 'USAGE') THEN
        GRANT {ROLE} TO CURRENT_USER;
    END IF;
EXCEPTION
    WHEN unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION '% may not take the role {ROLE}', current_user
            USING ERRCODE = 'insufficient_privilege',
            HINT = 'As a superuser: GRANT {ROLE} TO ' || current_user;
END $$;
"""

# With the rights of the owner: policies that read tables with policies of their own make plans of
# a thousand lines. Runs only when nothing simpler has decided, and once per transaction: the
# answer is kept in a setting, which `GrantStore` clears together with the others.
IN_SIGHT = f"""
CREATE FUNCTION occupiers_in_sight() RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    kept text := current_setting('occupier.occupier_ids', true);
    operator uuid := {OPERATOR};
    sites uuid[] := ARRAY{OWN_SITES};
    found uuid[];
BEGIN
    IF kept <> '' THEN
        RETURN QUERY SELECT unnest(kept::uuid[]);
        RETURN;
    END IF;
    IF {STAFF} = 'vendor_support' THEN
        SELECT array_agg(DISTINCT concerned) INTO found FROM (
            SELECT occupier_id AS concerned FROM cases
             WHERE status NOT IN ('resolved', 'closed') AND occupier_id IS NOT NULL
            UNION ALL
            SELECT tasks.occupier_id FROM cases
              JOIN case_tasks ON case_id = cases.id JOIN tasks ON tasks.id = task_id
             WHERE cases.status NOT IN ('resolved', 'closed')
        ) AS in_support;
    ELSIF {IS_SUPER_ADMIN} THEN
        SELECT array_agg(id) INTO found FROM occupiers WHERE operator_id = operator;
    ELSIF cardinality(sites) > 0 THEN
        SELECT array_agg(id) INTO found FROM occupiers JOIN (
            SELECT occupier_id FROM contracts
             WHERE site_id = ANY (sites) AND contracts.state <> 'discarded'
            UNION
            SELECT decommissions.occupier_id FROM decommission_sites
              JOIN decommissions ON decommissions.id = decommission_id
             WHERE site_id = ANY (sites)
            UNION
            SELECT occupiers.id FROM occupiers WHERE operator_id = operator AND NOT EXISTS (
                SELECT FROM contracts
                 WHERE contracts.occupier_id = occupiers.id AND contracts.state <> 'discarded')
        ) AS present ON occupier_id = id WHERE operator_id = operator;
    END IF;
    PERFORM set_config('occupier.occupier_ids', coalesce(found, '{{}}')::text, true);
    RETURN QUERY SELECT unnest(found);
END $$;
"""

INDEX = "CREATE INDEX ix_decommission_sites_site_id ON decommission_sites (site_id)"

OF_OWN_OPERATOR = f"{SEES_ALL} OR {IS_SUPER_ADMIN} AND operator_id = {OPERATOR}"
TASKS = f"""
    {SEES_ALL} OR {AT_OWN_SITE}
    OR (site_id IS NULL OR {STAFF} = 'vendor_support') AND {OF_OCCUPIER}
"""
PLAN_ITEMS = f"""
    {SEES_ALL} OR {AT_OWN_SITE} OR {STAFF} = 'vendor_support' AND {OF_DECOMMISSION}
"""
CASES = f"""
    {STAFF} IS NOT NULL OR operator_id = {OPERATOR} AND ({IS_SUPER_ADMIN} OR {AT_OWN_SITE}
        OR site_id IS NULL AND {OF_OCCUPIER})
"""
OF_CASE = "case_id IN (SELECT id FROM cases)"
OF_OCCUPIER_OR_FREE = f"{OF_SEEN_OCCUPIER} OR occupier_id IS NULL AND {OF_SITE}"
PERSONAL = f"{OPERATOR} IS NOT NULL AND {OF_OCCUPIER}"
OF_NUMBER = "EXISTS (SELECT FROM phone_numbers AS held WHERE held.id = number_id)"
SELF = """
    issuer = (SELECT current_setting('occupier.issuer', true))
    AND subject = (SELECT current_setting('occupier.subject', true))
"""
AUDITED = f"""
    actor = {ACTOR} OR {STAFF} IN ('sre', 'auditor')
    OR entity_kind = 'occupier' AND entity_id IN (SELECT occupiers_in_sight())
"""

# Table: which rows, and what routes do to them besides reading.
SHOWN: dict[str, tuple[str, ...]] = {
    "operators": (f"id = {OPERATOR} OR {STAFF} IS NOT NULL",),
    "team_members": (SELF,),
    "site_roles": ("team_member_id IN (SELECT id FROM team_members)",),
    "staff_members": (SELF,),
    "sites": (OF_OPERATOR, "UPDATE"),
    "floors": (OF_SITE,),
    "spaces": (OF_SITE,),
    "switches": (OF_SITE,),
    "floor_ports": (OF_SITE,),
    "handsets": (OF_SITE,),
    "access_groups": (OF_SITE,),
    "pricebook_items": (OF_SITE,),
    "occupiers": (f"{OF_OWN_OPERATOR} OR id IN (SELECT occupiers_in_sight())", "UPDATE"),
    "external_identifiers": (OF_SEEN_OCCUPIER, "INSERT", "UPDATE", "DELETE"),
    "contracts": (OF_SITE,),
    "occupancies": (OF_SEEN_OCCUPIER,),
    "services": (OF_SEEN_OCCUPIER,),
    "service_changes": (OF_SEEN_OCCUPIER,),
    "phone_numbers": (OF_OCCUPIER_OR_FREE,),
    "switch_ports": (OF_OCCUPIER_OR_FREE,),
    "public_ips": (OF_OCCUPIER_OR_FREE,),
    "networks": (OF_SEEN_OCCUPIER,),
    "handset_logins": (OF_NUMBER, "DELETE"),
    "users": (PERSONAL,),
    "wifi_accounts": (PERSONAL,),
    "user_accounts": (PERSONAL,),
    "access_grants": (PERSONAL,),
    "wifi_devices": (PERSONAL,),
    "call_charges": (OF_SEEN_OCCUPIER,),
    "billing_reports": (OF_OCCUPIER_OR_FREE,),
    "decommissions": (f"{OF_OWN_OPERATOR} OR {OF_OCCUPIER}", "INSERT"),
    "decommission_sites": (OF_SITE, "INSERT"),
    "retentions": (OF_DECOMMISSION,),
    "plan_items": (PLAN_ITEMS,),
    "cases": (CASES, "INSERT"),
    "case_tasks": (OF_CASE, "INSERT"),
    "case_comments": (OF_CASE, "INSERT"),
    "case_attachments": (OF_CASE,),
    "case_statuses": (OF_CASE, "INSERT"),
}

CATALOGUE = ("products", "product_rules", "product_devices", "device_types", "handset_types")


def upgrade() -> None:
    op.execute(CREATE_ROLE)
    op.execute(f"GRANT USAGE ON SCHEMA public TO {ROLE}")
    op.execute(INDEX)
    op.execute(IN_SIGHT)
    for table, (rows, *changes) in SHOWN.items():
        show(op, table, rows, *changes)
    for table in (*CATALOGUE, "alembic_version"):
        allow(op, table, "SELECT")
    _show_tasks()
    _show_audit()
    # Told, never read: the relay takes it from there. A new message's id comes back.
    allow(op, "outbox", "INSERT", "SELECT (id, sent_at)")


def _show_tasks() -> None:
    """A start writes those of all sites; each is then seen by who sees its site."""
    allow(op, "tasks", "SELECT", "INSERT")
    op.execute("ALTER TABLE tasks ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY seen ON tasks FOR SELECT TO {ROLE} USING ({TASKS})")
    op.execute(f"CREATE POLICY started ON tasks FOR INSERT TO {ROLE} WITH CHECK ({OF_OCCUPIER})")


def _show_audit() -> None:
    """Everybody adds what they themselves did, and reads it."""
    allow(op, "audit_events", "SELECT", "INSERT")
    op.execute("ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY seen ON audit_events FOR SELECT TO {ROLE} USING ({AUDITED})")
    op.execute(
        f"CREATE POLICY told ON audit_events FOR INSERT TO {ROLE} WITH CHECK (actor = {ACTOR})"
    )
