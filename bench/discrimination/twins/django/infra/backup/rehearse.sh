#!/usr/bin/env bash
# Restores the newest dump into a server of its own and counts the answers; a CronJob runs it each week.
#
# OFFSITE, PASSPHRASE_FILE, RCLONE_CONFIG as in backup.sh
set -Eeuo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
finish() {
  pg_ctl --pgdata "$work/data" --mode immediate --silent stop || true
  rm -rf "$work"
}
trap finish EXIT

newest=$(rclone lsf --files-only --include 'surveys-*.dump.enc' "$OFFSITE" | sort | tail -n 1)
[[ -n $newest ]] || { echo "rehearse.sh: there is no dump" >&2; exit 1; }
initdb --pgdata "$work/data" --username rehearse --auth trust >"$work/log"
pg_ctl --pgdata "$work/data" --silent --wait --log "$work/log" --options "-c listen_addresses='' -c unix_socket_directories=$work" start
export DATABASE_URL="postgres://rehearse@/postgres?host=$work"
"$here/restore.sh" "$newest"
answers=$(psql --no-psqlrc --tuples-only --no-align --command "SELECT count(*) FROM surveys_answer" "$DATABASE_URL")
((answers > 0)) || { echo "rehearse.sh: $newest holds no answer" >&2; exit 1; }
echo "rehearse.sh: $newest holds $answers answers"
