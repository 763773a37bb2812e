#!/usr/bin/env bash
# Restore the newest dump into a server of its own and compare every table with what was dumped.
#
# DATABASE_URL            the live database, where the success is recorded
# BACKUP_DIR              where the dumps are
# BACKUP_PASSPHRASE_FILE  the passphrase of encrypted dumps
# exit: 0 same content · 64 wrong usage · 66 no dump or damaged · 69 restore failed · 70 content differs · 67 not recorded
set -euo pipefail
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$scripts/database.sh"

read_database_url
live_address=$DATABASE_ADDRESS
live_password=${PGPASSWORD:-}
[[ -d "${BACKUP_DIR:-}" ]] || fail 64 "BACKUP_DIR is not a folder"
file=$(find "$BACKUP_DIR" -maxdepth 1 -type f \( -name 'questionnaire-*.dump' -o -name 'questionnaire-*.dump.enc' \) |
  sort | tail --lines=1)
[[ -n $file ]] || fail 66 "there is no dump in $BACKUP_DIR"

umask 077
work=$(mktemp -d)
cleanup() {
  pg_ctl --pgdata "$work/data" --mode immediate --silent stop || true
  rm -rf "$work"
}
trap cleanup EXIT

initdb --pgdata "$work/data" --username verifier --auth trust >"$work/log" || fail 69 "no scratch server"
pg_ctl --pgdata "$work/data" --silent --wait --log "$work/server.log" \
  --options "-c listen_addresses='' -c unix_socket_directories=$work" start || fail 69 "the scratch server does not start"
scratch="postgresql://verifier@/postgres?host=$work"

unset PGPASSWORD
DATABASE_URL="postgresql://verifier@localhost/postgres?host=$work" "$scripts/restore.sh" "$file" ||
  fail 69 "the dump cannot be restored"
printf '%s\n\\gexec\n' "$CONTENT_QUERY" | run_sql "$scratch" >"$work/content"
diff "$file.content" "$work/content" >&2 || fail 70 "the restored content differs from what was dumped"

digest=$(cut -d ' ' -f 1 "$file.sha256")
size=$(stat --format=%s "$file")
PGPASSWORD=$live_password run_sql "$live_address" <<SQL || fail 67 "the test succeeded but is not recorded"
INSERT INTO backup_run (kind, sha256, size_bytes) VALUES ('restore-test', '$digest', $size);
SQL
printf 'verify-restore.sh: %s restores with the same content\n' "$file"
