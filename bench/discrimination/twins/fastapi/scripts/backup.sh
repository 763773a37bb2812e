#!/usr/bin/env bash
# Dump the database, check the dump, encrypt it, store it in the bucket, and tell Prometheus.
#
# DATABASE_URL            the database
# BACKUP_BUCKET           where dumps go: s3://bucket/folder; its lifecycle rule keeps them for 30 days
# BACKUP_PASSPHRASE_FILE  a file with the passphrase
# PUSHGATEWAY_URL         the pushgateway
set -euo pipefail

: "${DATABASE_URL:?}" "${BACKUP_BUCKET:?}" "${BACKUP_PASSPHRASE_FILE:?}" "${PUSHGATEWAY_URL:?}"
export PGCONNECT_TIMEOUT=10

umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
name="appointments-$(date -u +%Y%m%dT%H%M%SZ).dump.enc"

pg_dump --format=custom --no-owner --no-privileges --lock-wait-timeout=30s \
  --file="$work/dump" "${DATABASE_URL/+psycopg/}"
pg_restore --list "$work/dump" >"$work/list"
for table in customer consent booking audit_entry; do
  grep -q " TABLE DATA public $table " "$work/list"
done
openssl enc -aes-256-cbc -pbkdf2 -iter 200000 -salt -pass "file:$BACKUP_PASSPHRASE_FILE" -in "$work/dump" -out "$work/$name"
(cd "$work" && sha256sum "$name" >"$name.sha256")
aws s3 cp --no-progress "$work/$name.sha256" "$BACKUP_BUCKET/$name.sha256"
aws s3 cp --no-progress "$work/$name" "$BACKUP_BUCKET/$name"

curl --fail --silent --show-error --max-time 10 --data-binary @- "$PUSHGATEWAY_URL/metrics/job/appointments-backup" <<METRICS
# TYPE appointments_backup_last_success_timestamp_seconds gauge
appointments_backup_last_success_timestamp_seconds $(date +%s)
METRICS
printf 'backup.sh: stored %s\n' "$name"
