#!/usr/bin/env bash
# Restore a dump from the bucket into an empty database, then erase again whoever was erased since.
#
# usage: restore.sh NAME [ERASED]   NAME of the dump; ERASED: file with the digests of erased customers, one a line
# DATABASE_URL            the database to restore into; it must be empty
# BACKUP_BUCKET           where the dumps are
# BACKUP_PASSPHRASE_FILE  the passphrase
set -euo pipefail

: "${1:?usage: restore.sh NAME [ERASED]}" "${DATABASE_URL:?}" "${BACKUP_BUCKET:?}" "${BACKUP_PASSPHRASE_FILE:?}"
name=$1
address=${DATABASE_URL/+psycopg/}
export PGCONNECT_TIMEOUT=10

umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

aws s3 cp --no-progress "$BACKUP_BUCKET/$name" "$work/$name"
aws s3 cp --no-progress "$BACKUP_BUCKET/$name.sha256" "$work/$name.sha256"
(cd "$work" && sha256sum --check --quiet "$name.sha256")
openssl enc -d -aes-256-cbc -pbkdf2 -iter 200000 -pass "file:$BACKUP_PASSPHRASE_FILE" -in "$work/$name" -out "$work/dump"
pg_restore --exit-on-error --single-transaction --no-owner --no-privileges --dbname="$address" "$work/dump"
if [[ -n "${2:-}" ]]; then
  while read -r digest; do
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set digest="$digest" --dbname "$address" <<'SQL'
DELETE FROM booking WHERE encode(sha256(uuid_send(customer_id)), 'hex') = :'digest';
DELETE FROM consent WHERE encode(sha256(uuid_send(customer_id)), 'hex') = :'digest';
DELETE FROM customer WHERE encode(sha256(uuid_send(id)), 'hex') = :'digest';
SQL
  done <"$2"
fi
printf 'restore.sh: restored %s\n' "$name"
