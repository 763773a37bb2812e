#!/usr/bin/env bash
# Sourced by the other scripts: the database address without its password on any command line.
set -euo pipefail

fail() {
  local code=$1
  shift
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit "$code"
}

# Read DATABASE_URL into DATABASE_ADDRESS (no password) and PGPASSWORD.
read_database_url() {
  [[ -n "${DATABASE_URL:-}" ]] || fail 64 "DATABASE_URL is not set"
  DATABASE_ADDRESS=$DATABASE_URL
  if [[ $DATABASE_URL =~ ^(postgres(ql)?://[^:/@]+):([^@/]*)@(.+)$ ]]; then
    DATABASE_ADDRESS="${BASH_REMATCH[1]}@${BASH_REMATCH[4]}"
    PGPASSWORD=$(printf '%b' "${BASH_REMATCH[3]//%/\\x}")
    export PGPASSWORD
  fi
  [[ $DATABASE_ADDRESS =~ ^postgres(ql)?://[^/]+/.+ ]] || fail 64 "DATABASE_URL is not a database address"
  export DATABASE_ADDRESS
  export PGCONNECT_TIMEOUT="${PGCONNECT_TIMEOUT:-10}"
}

# Run SQL from standard input; stop at the first error.
run_sql() {
  psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --dbname "$1"
}

# Write SQL that prints one line per table: name, number of rows, digest of their content.
CONTENT_QUERY=$(cat <<'SQL'
SELECT format(
  'SELECT %L, count(*), md5(coalesce(string_agg(t::text, E''\n'' ORDER BY t::text COLLATE "C"), '''')) FROM %I t;',
  tablename, tablename)
FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'backup_run' ORDER BY tablename
SQL
)
export CONTENT_QUERY
