"""The tables of the platform."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("entity_kind", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    op.create_index(
        "ix_audit_events_entity_kind_entity_id",
        "audit_events",
        ["entity_kind", "entity_id"],
        unique=False,
    )
    op.create_table(
        "device_types",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_device_types")),
    )
    op.create_table(
        "handset_types",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "device_class",
            sa.Enum(
                "digital",
                "non_digital",
                "softphone",
                name="device_class",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_handset_types")),
    )
    op.create_table(
        "operators",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("cooling_off_days", sa.Integer(), server_default="30", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "cooling_off_days >= 0", name=op.f("ck_operators_cooling_off_days_not_negative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operators")),
        sa.UniqueConstraint("name", name=op.f("uq_operators_name")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("decommission_id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("decommission_id", name=op.f("uq_outbox_decommission_id")),
    )
    op.create_index(
        "ix_outbox_unsent",
        "outbox",
        ["id"],
        unique=False,
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.create_table(
        "products",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "voice",
                "internet",
                "public_ip",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("max_quantity", sa.Integer(), nullable=True),
        sa.CheckConstraint("max_quantity > 0", name=op.f("ck_products_max_quantity_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint("code", name=op.f("uq_products_code")),
    )
    op.create_table(
        "occupiers",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("billing_reference", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "scheduled",
                "pending",
                "failed",
                "decommissioned",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="active",
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("decommissioned_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name=op.f("fk_occupiers_operator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occupiers")),
        sa.UniqueConstraint("reference", name=op.f("uq_occupiers_reference")),
    )
    op.create_index("ix_occupiers_name_id", "occupiers", ["name", "id"], unique=False)
    op.create_index(
        "ix_occupiers_operator_id_status_name",
        "occupiers",
        ["operator_id", "status", "name", "id"],
        unique=False,
    )
    op.create_index(
        "ix_occupiers_status_name_id", "occupiers", ["status", "name", "id"], unique=False
    )
    op.create_index(
        "uq_occupiers_operator_id_name_live",
        "occupiers",
        ["operator_id", "name"],
        unique=True,
        postgresql_where=sa.text("status <> 'decommissioned'"),
    )
    op.create_table(
        "product_devices",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("device_type", sa.Text(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.CheckConstraint("units > 0", name=op.f("ck_product_devices_units_positive")),
        sa.ForeignKeyConstraint(
            ["device_type"], ["device_types.code"], name=op.f("fk_product_devices_device_type")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_product_devices_product_id")
        ),
        sa.PrimaryKeyConstraint("product_id", "device_type", name=op.f("pk_product_devices")),
    )
    op.create_table(
        "product_rules",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("other_product_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "requires",
                "excludes",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["other_product_id"], ["products.id"], name=op.f("fk_product_rules_other_product_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_product_rules_product_id")
        ),
        sa.PrimaryKeyConstraint("product_id", "other_product_id", name=op.f("pk_product_rules")),
    )
    op.create_table(
        "sites",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("telephony_managed", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("is_open", sa.Boolean(), server_default="true", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name=op.f("fk_sites_operator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
        sa.UniqueConstraint("operator_id", "name", name=op.f("uq_sites_operator_id_name")),
        sa.UniqueConstraint("reference", name=op.f("uq_sites_reference")),
    )
    op.create_table(
        "team_members",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("is_super_admin", sa.Boolean(), server_default="false", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name=op.f("fk_team_members_operator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_members")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_team_members_issuer_subject")),
    )
    op.create_table(
        "access_groups",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_access_groups_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_groups")),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_access_groups_site_id_name")),
    )
    op.create_table(
        "billing_reports",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("occupier_id", sa.Uuid(), nullable=True),
        sa.Column("occupier_name", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "voice",
                "bandwidth",
                "service_charge",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "date_trunc('month', month) = month", name=op.f("ck_billing_reports_month_is_first_day")
        ),
        sa.ForeignKeyConstraint(
            ["occupier_id"], ["occupiers.id"], name=op.f("fk_billing_reports_occupier_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_billing_reports_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_billing_reports")),
        sa.UniqueConstraint(
            "site_id",
            "month",
            "kind",
            "occupier_id",
            name=op.f("uq_billing_reports_site_id_month_kind_occupier_id"),
        ),
    )
    op.create_index(
        op.f("ix_billing_reports_occupier_id"), "billing_reports", ["occupier_id"], unique=False
    )
    op.create_index(
        "ix_billing_reports_site_id_month", "billing_reports", ["site_id", "month"], unique=False
    )
    op.create_table(
        "call_charges",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("occupier_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("extension", sa.Text(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.CheckConstraint(
            "date_trunc('month', month) = month", name=op.f("ck_call_charges_month_is_first_day")
        ),
        sa.ForeignKeyConstraint(
            ["occupier_id"], ["occupiers.id"], name=op.f("fk_call_charges_occupier_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_call_charges_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_charges")),
        sa.UniqueConstraint(
            "occupier_id",
            "site_id",
            "month",
            "extension",
            name=op.f("uq_call_charges_occupier_id_site_id_month_extension"),
        ),
    )
    op.create_index(
        op.f("ix_call_charges_occupier_id"), "call_charges", ["occupier_id"], unique=False
    )
    op.create_table(
        "contracts",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("occupier_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("external_reference", sa.Text(), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("deprovision_on_end", sa.Boolean(), server_default="false", nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "upcoming",
                "active",
                "completed",
                "discarded",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("end_date >= start_date", name=op.f("ck_contracts_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["occupier_id"], ["occupiers.id"], name=op.f("fk_contracts_occupier_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_contracts_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
        sa.UniqueConstraint(
            "occupier_id",
            "site_id",
            "reference",
            name=op.f("uq_contracts_occupier_id_site_id_reference"),
        ),
    )
    op.create_index(op.f("ix_contracts_occupier_id"), "contracts", ["occupier_id"], unique=False)
    op.create_index(
        "ix_contracts_site_id_occupier_id", "contracts", ["site_id", "occupier_id"], unique=False
    )
    op.create_table(
        "decommissions",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("occupier_id", sa.Uuid(), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "partial",
                "decommissioned",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="pending",
            nullable=False,
        ),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column(
            "requested_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cooling_off_days", sa.Integer(), nullable=False),
        sa.Column("plan_hash", sa.Text(), nullable=True),
        sa.Column("workflow_id", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'decommissioned') = (finished_at IS NOT NULL)",
            name=op.f("ck_decommissions_finished_when_done"),
        ),
        sa.ForeignKeyConstraint(
            ["occupier_id"], ["occupiers.id"], name=op.f("fk_decommissions_occupier_id")
        ),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name=op.f("fk_decommissions_operator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decommissions")),
        sa.UniqueConstraint("occupier_id", name=op.f("uq_decommissions_occupier_id")),
    )
    op.create_index(
        "ix_decommissions_operator_id_requested_at",
        "decommissions",
        ["operator_id", "requested_at"],
        unique=False,
    )
    op.create_index(
        "ix_decommissions_requested_at_id", "decommissions", ["requested_at", "id"], unique=False
    )
    op.create_index(
        "ix_decommissions_state_requested_at_id",
        "decommissions",
        ["state", "requested_at", "id"],
        unique=False,
    )
    op.create_table(
        "external_identifiers",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("occupier_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("external_system", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["occupier_id"], ["occupiers.id"], name=op.f("fk_external_identifiers_occupier_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_external_identifiers_site_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_identifiers")),
        sa.UniqueConstraint(
            "occupier_id",
            "external_system",
            "site_id",
            name=op.f("uq_external_identifiers_occupier_id_external_system_site_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(
        op.f("ix_external_identifiers_occupier_id"),
        "external_identifiers",
        ["occupier_id"],
        unique=False,
    )
    op.create_table(
        "floors",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_floors_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_floors")),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_floors_site_id_name")),
    )
    op.create_table(
        "handsets",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("type_code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_handsets_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handsets")),
    )
    op.create_index("ix_handsets_site_id", "handsets", ["site_id"], unique=False)
    op.create_table(
        "networks",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("occupier_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("vlan_id", sa.Integer(), nullable=False),
        sa.Column("private_subnet", postgresql.CIDR(), nullable=True),
        sa.Column(
            "dhcp_state",
            sa.Enum(
                "enabled",
                "disabled",
                "pending",
                name="dhcp_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="enabled",
            nullable=False,
        ),
        sa.CheckConstraint("vlan_id BETWEEN 2 AND 4094", name=op.f("ck_networks_vlan_id_in_range")),
        sa.ForeignKeyConstraint(
            ["occupier_id"], ["occupiers.id"], name=op.f("fk_networks_occupier_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_networks_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_networks")),
        sa.UniqueConstraint("site_id", "vlan_id", name=op.f("uq_networks_site_id_vlan_id")),
    )
    op.create_index(op.f("ix_networks_occupier_id"), "networks", ["occupier_id"], unique=False)
    op.create_index(
        "ix_networks_occupier_id_site_id", "networks", ["occupier_id", "site_id"], unique=False
    )
    op.create_table(
        "pricebook_items",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("cost", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("rrp", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default="true", nullable=False),
        sa.CheckConstraint(
            "cost >= 0 AND rrp >= 0", name=op.f("ck_pricebook_items_prices_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_pricebook_items_product_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_pricebook_items_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pricebook_items")),
        sa.UniqueConstraint(
            "site_id", "product_id", name=op.f("uq_pricebook_items_site_id_product_id")
        ),
    )
    op.create_table(
        "public_ips",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("subnet", postgresql.CIDR(), nullable=False),
        sa.Column("address", postgresql.INET(), nullable=False),
        sa.Column(
            "circuit",
            sa.Enum(
                "primary",
                "backup",
                name="circuit",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "free",
                "assigned",
                "reserved",
                "locked",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="free",
            nullable=False,
        ),
        sa.Column("occupier_id", sa.Uuid(), nullable=True),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "status <> 'assigned' OR occupier_id IS NOT NULL",
            name=op.f("ck_public_ips_assigned_to_someone"),
        ),
        sa.CheckConstraint(
            "status <> 'free' OR occupier_id IS NULL", name=op.f("ck_public_ips_free_has_no_owner")
        ),
        sa.ForeignKeyConstraint(
            ["occupier_id"], ["occupiers.id"], name=op.f("fk_public_ips_occupier_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_public_ips_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_ips")),
        sa.UniqueConstraint("address", name=op.f("uq_public_ips_address")),
    )
    op.create_index(op.f("ix_public_ips_occupier_id"), "public_ips", ["occupier_id"], unique=False)
    op.create_index(
        "ix_public_ips_site_id_status", "public_ips", ["site_id", "status"], unique=False
    )
    op.create_table(
        "site_roles",
        sa.Column("team_member_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "super_admin",
                "admin",
                "user",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_site_roles_site_id")),
        sa.ForeignKeyConstraint(
            ["team_member_id"],
            ["team_members.id"],
            name=op.f("fk_site_roles_team_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("team_member_id", "site_id", name=op.f("pk_site_roles")),
    )
    op.create_table(
        "switches",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("comms_room", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_switches_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_switches")),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_switches_site_id_name")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("occupier_id", sa.Uuid(), nullable=False),
        sa.Column("home_site_id", sa.Uuid(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), server_default="en", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["home_site_id"], ["sites.id"], name=op.f("fk_users_home_site_id")),
        sa.ForeignKeyConstraint(
            ["occupier_id"], ["occupiers.id"], name=op.f("fk_users_occupier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_index(
        "ix_users_occupier_id_home_site_id", "users", ["occupier_id", "home_site_id"], unique=False
    )
    op.create_table(
        "wifi_devices",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("occupier_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mac", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "mac ~ '^([0-9A-F]{2}:){5}[0-9A-F]{2}$'", name=op.f("ck_wifi_devices_mac_normalised")
        ),
        sa.ForeignKeyConstraint(
            ["occupier_id"], ["occupiers.id"], name=op.f("fk_wifi_devices_occupier_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_wifi_devices_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wifi_devices")),
        sa.UniqueConstraint("site_id", "mac", name=op.f("uq_wifi_devices_site_id_mac")),
    )
    op.create_index(
        "ix_wifi_devices_occupier_id_site_id",
        "wifi_devices",
        ["occupier_id", "site_id"],
        unique=False,
    )
    op.create_table(
        "access_grants",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("occupier_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["access_groups.id"], name=op.f("fk_access_grants_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["occupier_id"], ["occupiers.id"], name=op.f("fk_access_grants_occupier_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_access_grants_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "group_id", name=op.f("pk_access_grants")),
    )
    op.create_index(
        op.f("ix_access_grants_occupier_id"), "access_grants", ["occupier_id"], unique=False
    )
    op.create_table(
        "decommission_sites",
        sa.Column("decommission_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("verified_round", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["decommission_id"],
            ["decommissions.id"],
            name=op.f("fk_decommission_sites_decommission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_decommission_sites_site_id")
        ),
        sa.PrimaryKeyConstraint("decommission_id", "site_id", name=op.f("pk_decommission_sites")),
        sa.UniqueConstraint(
            "decommission_id", "ordinal", name=op.f("uq_decommission_sites_decommission_id_ordinal")
        ),
    )
    op.create_table(
        "phone_numbers",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("e164", sa.Text(), nullable=False),
        sa.Column("extension", sa.Text(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "available",
                "reserved",
                "pending",
                "active",
                "cooling_off",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="available",
            nullable=False,
        ),
        sa.Column("occupier_id", sa.Uuid(), nullable=True),
        sa.Column("is_operator_owned", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("is_main", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("cooling_off_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cooled_by_decommission_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'cooling_off') = (cooling_off_until IS NOT NULL)",
            name=op.f("ck_phone_numbers_cooling_off_dated"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('available', 'cooling_off') OR (occupier_id IS NULL AND user_id IS NULL AND NOT is_main AND NOT is_operator_owned)",
            name=op.f("ck_phone_numbers_free_numbers_have_no_owner"),
        ),
        sa.CheckConstraint(
            "occupier_id IS NULL OR NOT is_operator_owned",
            name=op.f("ck_phone_numbers_one_owner_at_a_time"),
        ),
        sa.ForeignKeyConstraint(
            ["occupier_id"], ["occupiers.id"], name=op.f("fk_phone_numbers_occupier_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_phone_numbers_site_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_phone_numbers_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_numbers")),
        sa.UniqueConstraint("e164", name=op.f("uq_phone_numbers_e164")),
    )
    op.create_index(
        "ix_phone_numbers_cooling_off",
        "phone_numbers",
        ["cooled_by_decommission_id", "cooling_off_until"],
        unique=False,
        postgresql_where=sa.text("state = 'cooling_off'"),
    )
    op.create_index(
        op.f("ix_phone_numbers_occupier_id"), "phone_numbers", ["occupier_id"], unique=False
    )
    op.create_index(
        "ix_phone_numbers_site_id_state", "phone_numbers", ["site_id", "state"], unique=False
    )
    op.create_index(
        "ix_phone_numbers_user_id",
        "phone_numbers",
        ["user_id"],
        unique=False,
        postgresql_where=sa.text("user_id IS NOT NULL"),
    )
    op.create_index(
        "uq_phone_numbers_main",
        "phone_numbers",
        ["site_id", "occupier_id"],
        unique=True,
        postgresql_where=sa.text("is_main"),
    )
    op.create_table(
        "plan_items",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("decommission_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column(
            "task_kind",
            sa.Enum(
                "logout_handsets",
                "telephony",
                "ports",
                "users",
                "wifi_devices",
                "stop_services",
                "network",
                "end_leases",
                "plan",
                "delete_scheduled",
                "verify_occupier",
                name="task_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "handset_login",
                "phone_number",
                "switch_port",
                "wifi_account",
                "wifi_device",
                "user_account",
                "public_ip",
                "dhcp_scope",
                "subnet",
                "vlan",
                "recurring_charge",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=True),
        sa.Column("intent", sa.Integer(), server_default="1", nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "removed",
                "already_absent",
                "disabled_only",
                "retained",
                "not_applicable",
                "unknown",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="unknown",
            nullable=False,
        ),
        sa.Column(
            "ground",
            sa.Enum(
                "other_owner", name="ground", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(verdict = 'retained') = (ground IS NOT NULL)",
            name=op.f("ck_plan_items_retained_with_ground"),
        ),
        sa.CheckConstraint("intent > 0", name=op.f("ck_plan_items_intent_positive")),
        sa.ForeignKeyConstraint(
            ["decommission_id"], ["decommissions.id"], name=op.f("fk_plan_items_decommission_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_plan_items_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_items")),
        sa.UniqueConstraint(
            "decommission_id",
            "kind",
            "resource_id",
            name=op.f("uq_plan_items_decommission_id_kind_resource_id"),
        ),
    )
    op.create_index(
        "ix_plan_items_decommission_id_site_id_id",
        "plan_items",
        ["decommission_id", "site_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_plan_items_undone",
        "plan_items",
        ["decommission_id", "site_id", "task_kind", "id"],
        unique=False,
        postgresql_where=sa.text("verdict IN ('unknown', 'disabled_only')"),
    )
    op.create_table(
        "retentions",
        sa.Column("decommission_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("rows_before", sa.Integer(), nullable=False),
        sa.Column("digest_before", sa.Text(), nullable=False),
        sa.Column("rows_after", sa.Integer(), nullable=True),
        sa.Column("digest_after", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decommission_id"], ["decommissions.id"], name=op.f("fk_retentions_decommission_id")
        ),
        sa.PrimaryKeyConstraint("decommission_id", "subject", name=op.f("pk_retentions")),
    )
    op.create_table(
        "services",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("occupier_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("pricebook_item_id", sa.Uuid(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("price", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "scheduled",
                "active",
                "inactive",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "update_state",
            sa.Enum(
                "none",
                "updating",
                "failed",
                name="update_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="none",
            nullable=False,
        ),
        sa.Column("failed_action", sa.Text(), nullable=True),
        sa.Column("charge_handle", sa.Text(), nullable=True),
        sa.Column("billing_stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(update_state = 'failed') = (failed_action IS NOT NULL)",
            name=op.f("ck_services_failed_action_told"),
        ),
        sa.CheckConstraint("price >= 0", name=op.f("ck_services_price_not_negative")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_services_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_services_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["occupier_id"], ["occupiers.id"], name=op.f("fk_services_occupier_id")
        ),
        sa.ForeignKeyConstraint(
            ["pricebook_item_id"],
            ["pricebook_items.id"],
            name=op.f("fk_services_pricebook_item_id"),
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_services_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
        sa.UniqueConstraint("charge_handle", name=op.f("uq_services_charge_handle")),
    )
    op.create_index("ix_services_contract_id", "services", ["contract_id"], unique=False)
    op.create_index(op.f("ix_services_occupier_id"), "services", ["occupier_id"], unique=False)
    op.create_index(
        "ix_services_site_id_occupier_id", "services", ["site_id", "occupier_id"], unique=False
    )
    op.create_table(
        "spaces",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("floor_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "wing",
                "office",
                "desk",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "available",
                "occupied",
                "unavailable",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="available",
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["floor_id"], ["floors.id"], name=op.f("fk_spaces_floor_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["spaces.id"], name=op.f("fk_spaces_parent_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_spaces_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spaces")),
        sa.UniqueConstraint("floor_id", "name", name=op.f("uq_spaces_floor_id_name")),
    )
    op.create_index("ix_spaces_site_id_status", "spaces", ["site_id", "status"], unique=False)
    op.create_table(
        "switch_ports",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("switch_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "unassigned",
                "data",
                "voice",
                "data_voice",
                "public_ip_wan",
                "public_ip_lan",
                "wireless_ap",
                "shared",
                "reserved",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="unassigned",
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "inactive",
                "disabled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="disabled",
            nullable=False,
        ),
        sa.Column("occupier_id", sa.Uuid(), nullable=True),
        sa.Column("is_operator_owned", sa.Boolean(), server_default="false", nullable=False),
        sa.CheckConstraint(
            "occupier_id IS NULL OR NOT is_operator_owned",
            name=op.f("ck_switch_ports_one_owner_at_a_time"),
        ),
        sa.ForeignKeyConstraint(
            ["occupier_id"], ["occupiers.id"], name=op.f("fk_switch_ports_occupier_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_switch_ports_site_id")),
        sa.ForeignKeyConstraint(
            ["switch_id"], ["switches.id"], name=op.f("fk_switch_ports_switch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_switch_ports")),
        sa.UniqueConstraint("handle", name=op.f("uq_switch_ports_handle")),
        sa.UniqueConstraint("switch_id", "number", name=op.f("uq_switch_ports_switch_id_number")),
    )
    op.create_index(
        op.f("ix_switch_ports_occupier_id"), "switch_ports", ["occupier_id"], unique=False
    )
    op.create_index("ix_switch_ports_site_id", "switch_ports", ["site_id"], unique=False)
    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("decommission_id", sa.Uuid(), nullable=False),
        sa.Column("occupier_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "logout_handsets",
                "telephony",
                "ports",
                "users",
                "wifi_devices",
                "stop_services",
                "network",
                "end_leases",
                "plan",
                "delete_scheduled",
                "verify_occupier",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "completed",
                "failed",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="pending",
            nullable=False,
        ),
        sa.Column(
            "phase",
            sa.Enum(
                "queued",
                "running",
                "retrying",
                "ended",
                name="phase",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="queued",
            nullable=False,
        ),
        sa.Column("round", sa.Integer(), server_default="1", nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "last_error_kind",
            sa.Enum(
                "transient",
                "throttled",
                "rejected",
                "conflict",
                "not_authorised",
                "not_found",
                "unconfirmed",
                "needs_human",
                "timed_out",
                "bug",
                name="last_error_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("last_error_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(phase = 'ended') = (state <> 'pending')", name=op.f("ck_tasks_ended_when_not_pending")
        ),
        sa.CheckConstraint("done >= 0 AND total >= 0", name=op.f("ck_tasks_counts_not_negative")),
        sa.ForeignKeyConstraint(
            ["decommission_id"], ["decommissions.id"], name=op.f("fk_tasks_decommission_id")
        ),
        sa.ForeignKeyConstraint(
            ["occupier_id"], ["occupiers.id"], name=op.f("fk_tasks_occupier_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_tasks_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint(
            "decommission_id",
            "site_id",
            "kind",
            name=op.f("uq_tasks_decommission_id_site_id_kind"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_tasks_created_at_id", "tasks", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_tasks_kind_created_at_id", "tasks", ["kind", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_tasks_occupier_id_created_at_id",
        "tasks",
        ["occupier_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_tasks_pending_due_at",
        "tasks",
        ["due_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_tasks_site_id_created_at_id", "tasks", ["site_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_tasks_state_created_at_id",
        "tasks",
        ["state", "created_at", "id"],
        unique=False,
        postgresql_include=["due_at", "kind", "site_id"],
    )
    op.create_table(
        "user_accounts",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("occupier_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("account_handle", sa.Text(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "user", "admin", name="role", native_enum=False, create_constraint=True, length=32
            ),
            server_default="user",
            nullable=False,
        ),
        sa.Column("portal_invited", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("app_invited", sa.Boolean(), server_default="false", nullable=False),
        sa.ForeignKeyConstraint(
            ["occupier_id"], ["occupiers.id"], name=op.f("fk_user_accounts_occupier_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_accounts_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_accounts")),
        sa.UniqueConstraint("account_handle", name=op.f("uq_user_accounts_account_handle")),
        sa.UniqueConstraint("user_id", name=op.f("uq_user_accounts_user_id")),
    )
    op.create_index(
        op.f("ix_user_accounts_occupier_id"), "user_accounts", ["occupier_id"], unique=False
    )
    op.create_table(
        "wifi_accounts",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("occupier_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "inactive",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="active",
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["occupier_id"], ["occupiers.id"], name=op.f("fk_wifi_accounts_occupier_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_wifi_accounts_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wifi_accounts")),
        sa.UniqueConstraint("user_id", name=op.f("uq_wifi_accounts_user_id")),
        sa.UniqueConstraint("username", name=op.f("uq_wifi_accounts_username")),
    )
    op.create_index(
        op.f("ix_wifi_accounts_occupier_id"), "wifi_accounts", ["occupier_id"], unique=False
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("number", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("occupier_id", sa.Uuid(), nullable=True),
        sa.Column("decommission_id", sa.Uuid(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "technical",
                "question",
                "configuration_change",
                "billing",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "priority",
            sa.Enum(
                "p1",
                "p2",
                "p3",
                "p4",
                name="priority",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="p3",
            nullable=False,
        ),
        sa.Column(
            "origin",
            sa.Enum(
                "operator",
                "occupier",
                "support",
                "automatic",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "new",
                "in_progress",
                "waiting_on_customer",
                "resolved",
                "closed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="new",
            nullable=False,
        ),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("external_reference", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["decommission_id"], ["decommissions.id"], name=op.f("fk_cases_decommission_id")
        ),
        sa.ForeignKeyConstraint(
            ["occupier_id"], ["occupiers.id"], name=op.f("fk_cases_occupier_id")
        ),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name=op.f("fk_cases_operator_id")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_cases_service_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_cases_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
    )
    op.create_index("ix_cases_occupier_id", "cases", ["occupier_id"], unique=False)
    op.create_index("ix_cases_site_id_status", "cases", ["site_id", "status"], unique=False)
    op.create_index("ix_cases_status_created_at", "cases", ["status", "created_at"], unique=False)
    op.create_table(
        "floor_ports",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("switch_port_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_floor_ports_site_id")),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name=op.f("fk_floor_ports_space_id")),
        sa.ForeignKeyConstraint(
            ["switch_port_id"], ["switch_ports.id"], name=op.f("fk_floor_ports_switch_port_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_floor_ports")),
        sa.UniqueConstraint("space_id", "label", name=op.f("uq_floor_ports_space_id_label")),
        sa.UniqueConstraint("switch_port_id", name=op.f("uq_floor_ports_switch_port_id")),
    )
    op.create_table(
        "handset_logins",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("occupier_id", sa.Uuid(), nullable=True),
        sa.Column("number_id", sa.Uuid(), nullable=False),
        sa.Column("handset_id", sa.Uuid(), nullable=False),
        sa.Column("logged_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["handset_id"], ["handsets.id"], name=op.f("fk_handset_logins_handset_id")
        ),
        sa.ForeignKeyConstraint(
            ["number_id"], ["phone_numbers.id"], name=op.f("fk_handset_logins_number_id")
        ),
        sa.ForeignKeyConstraint(
            ["occupier_id"], ["occupiers.id"], name=op.f("fk_handset_logins_occupier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handset_logins")),
        sa.UniqueConstraint("number_id", name=op.f("uq_handset_logins_number_id")),
    )
    op.create_index("ix_handset_logins_handset_id", "handset_logins", ["handset_id"], unique=False)
    op.create_index(
        op.f("ix_handset_logins_occupier_id"), "handset_logins", ["occupier_id"], unique=False
    )
    op.create_table(
        "occupancies",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("occupier_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("move_in", sa.Date(), nullable=False),
        sa.Column("move_out", sa.Date(), nullable=True),
        sa.CheckConstraint("move_out >= move_in", name=op.f("ck_occupancies_moves_out_after_in")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_occupancies_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["occupier_id"], ["occupiers.id"], name=op.f("fk_occupancies_occupier_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_occupancies_site_id")),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name=op.f("fk_occupancies_space_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occupancies")),
    )
    op.create_index("ix_occupancies_contract_id", "occupancies", ["contract_id"], unique=False)
    op.create_index(
        op.f("ix_occupancies_occupier_id"), "occupancies", ["occupier_id"], unique=False
    )
    op.create_index("ix_occupancies_space_id", "occupancies", ["space_id"], unique=False)
    op.create_table(
        "service_changes",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("occupier_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "start",
                "quantity",
                "removal",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(kind = 'quantity') = (quantity IS NOT NULL)",
            name=op.f("ck_service_changes_quantity_with_quantity_change"),
        ),
        sa.ForeignKeyConstraint(
            ["occupier_id"], ["occupiers.id"], name=op.f("fk_service_changes_occupier_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_service_changes_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_changes")),
    )
    op.create_index(
        op.f("ix_service_changes_occupier_id"), "service_changes", ["occupier_id"], unique=False
    )
    op.create_index(
        "ix_service_changes_service_id", "service_changes", ["service_id"], unique=False
    )
    op.create_table(
        "case_attachments",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "octet_length(content) <= 20971520",
            name=op.f("ck_case_attachments_content_at_most_20_mb"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_attachments_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_attachments")),
    )
    op.create_index("ix_case_attachments_case_id", "case_attachments", ["case_id"], unique=False)
    op.create_table(
        "case_comments",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_comments_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_comments")),
    )
    op.create_index(
        "ix_case_comments_case_id_created_at",
        "case_comments",
        ["case_id", "created_at"],
        unique=False,
    )
    op.create_table(
        "case_statuses",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "new",
                "in_progress",
                "waiting_on_customer",
                "resolved",
                "closed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_statuses_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_statuses")),
    )
    op.create_index("ix_case_statuses_case_id_at", "case_statuses", ["case_id", "at"], unique=False)
    op.create_table(
        "case_tasks",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column(
            "attached_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_tasks_case_id")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_case_tasks_task_id")),
        sa.PrimaryKeyConstraint("case_id", "task_id", name=op.f("pk_case_tasks")),
    )
    op.create_index("ix_case_tasks_task_id", "case_tasks", ["task_id"], unique=False)
