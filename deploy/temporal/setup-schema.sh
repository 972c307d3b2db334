#!/bin/sh
# Brings Temporal's two databases to the schema of this admin-tools version; safe to run again.
# Address, user and password come from the SQL_* variables that temporal-sql-tool reads.
set -eu
schema=/etc/temporal/schema/postgresql/v12
upgrade() {
    # `setup-schema` only makes the version tables, and leaves existing ones as they are.
    temporal-sql-tool --database "$1" setup-schema --version 0.0
    temporal-sql-tool --database "$1" update-schema --schema-dir "$schema/$2/versioned"
}
upgrade temporal temporal
upgrade temporal_visibility visibility
