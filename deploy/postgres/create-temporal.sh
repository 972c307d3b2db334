#!/bin/sh
# Run once by the postgres image on an empty volume: Temporal gets a role and two databases of its
# own, so that it can never read ours.
set -eu
: "${TEMPORAL_POSTGRES_PASSWORD:?set it in deploy/.env}"
psql --set ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\getenv password TEMPORAL_POSTGRES_PASSWORD
CREATE ROLE temporal LOGIN PASSWORD :'password';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
REVOKE CONNECT ON DATABASE temporal, temporal_visibility FROM PUBLIC;
SELECT format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC', current_database()) \gexec
SQL
