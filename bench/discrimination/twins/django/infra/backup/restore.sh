#!/usr/bin/env bash
# Restores a dump into an empty database and erases again whoever was erased since.
#
# usage: restore.sh NAME [DIGESTS]   DIGESTS: a file with the digests of erased participants, one a line
# DATABASE_URL, OFFSITE, PASSPHRASE_FILE, RCLONE_CONFIG as in backup.sh
set -Eeuo pipefail

name=${1:?usage: restore.sh NAME [DIGESTS]}
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

rclone copyto "$OFFSITE/$name" "$work/$name"
openssl enc -d -aes-256-cbc -pbkdf2 -pass "file:$PASSPHRASE_FILE" -in "$work/$name" -out "$work/dump"
pg_restore --exit-on-error --single-transaction --no-owner --dbname "$DATABASE_URL" "$work/dump"
if [[ -n ${2:-} ]]; then
  while read -r digest; do
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set digest="$digest" "$DATABASE_URL" <<'SQL'
CREATE TEMPORARY TABLE erased AS
  SELECT id FROM surveys_participant WHERE encode(sha256(uuid_send(token)), 'hex') = :'digest';
DELETE FROM surveys_answer WHERE participant_id IN (SELECT id FROM erased);
DELETE FROM surveys_consent WHERE participant_id IN (SELECT id FROM erased);
DELETE FROM surveys_participant WHERE id IN (SELECT id FROM erased);
SQL
  done <"$2"
fi
echo "restore.sh: restored $name"
