#!/bin/bash
# Restores the newest dump into a server of its own and counts the invoices. Run weekly by a CronJob.
#
# BACKUP_TARGET, PASSPHRASE_FILE as in backup.sh
set -euo pipefail

server=$(mktemp -d)
stop() {
  pg_ctl --pgdata "$server/data" --mode immediate --silent stop || true
  rm -rf "$server"
}
trap stop EXIT

newest=$(aws s3 ls "$BACKUP_TARGET/database/" | awk '{print $4}' | sort | tail -n 1)
if [ -z "$newest" ]; then
  echo "restore-check.sh: there is no dump" >&2
  exit 1
fi

initdb --pgdata "$server/data" --username check --auth trust >"$server/log"
pg_ctl --pgdata "$server/data" --silent --wait --log "$server/log" --options "-c listen_addresses='' -c unix_socket_directories=$server" start
export PGHOST=$server PGUSER=check PGDATABASE=postgres
restore.sh "${newest%.dump.gpg}"
count=$(psql --no-psqlrc --tuples-only --no-align --command 'SELECT count(*) FROM invoice')
if [ "$count" -eq 0 ]; then
  echo "restore-check.sh: the dump holds no invoice" >&2
  exit 1
fi
echo "restore-check.sh: $newest holds $count invoices"
