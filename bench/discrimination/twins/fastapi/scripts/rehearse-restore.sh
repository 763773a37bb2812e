#!/usr/bin/env bash
# Restore the newest dump into a server of its own and look whether every table has rows. Run weekly by a CronJob.
#
# DATABASE_URL is not touched. BACKUP_BUCKET, BACKUP_PASSPHRASE_FILE and PUSHGATEWAY_URL as in backup.sh.
set -euo pipefail

: "${BACKUP_BUCKET:?}" "${BACKUP_PASSPHRASE_FILE:?}" "${PUSHGATEWAY_URL:?}"
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
cleanup() {
  pg_ctl --pgdata "$work/data" --mode immediate --silent stop || true
  rm -rf "$work"
}
trap cleanup EXIT

newest=$(aws s3 ls "$BACKUP_BUCKET/" | awk '$4 ~ /\.dump\.enc$/ {print $4}' | sort | tail -n 1)
[[ -n $newest ]] || { echo "rehearse-restore.sh: there is no dump" >&2; exit 66; }

initdb --pgdata "$work/data" --username rehearsal --auth trust >"$work/log"
pg_ctl --pgdata "$work/data" --silent --wait --log "$work/server.log" \
  --options "-c listen_addresses='' -c unix_socket_directories=$work" start
address="postgresql://rehearsal@/postgres?host=$work"
DATABASE_URL=$address "$scripts/restore.sh" "$newest"
for table in customer consent booking audit_entry; do
  rows=$(psql --no-psqlrc --quiet --tuples-only --no-align --dbname "$address" --command "SELECT count(*) FROM $table")
  ((rows > 0)) || { echo "rehearse-restore.sh: $table is empty" >&2; exit 70; }
done

curl --fail --silent --show-error --max-time 10 --data-binary @- "$PUSHGATEWAY_URL/metrics/job/appointments-restore-rehearsal" <<METRICS
# TYPE appointments_restore_rehearsal_last_success_timestamp_seconds gauge
appointments_restore_rehearsal_last_success_timestamp_seconds $(date +%s)
METRICS
printf 'rehearse-restore.sh: %s restores\n' "$newest"
