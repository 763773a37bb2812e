#!/usr/bin/env bash
# Dumps the database, checks and encrypts the dump, stores it off-site, copies the exports, and records the success.
#
# DATABASE_URL        the database
# OFFSITE             the rclone remote and folder: offsite:surveys
# EXPORTS             the rclone remote and folder of the exports: exports:bucket/exports
# PASSPHRASE_FILE     the passphrase
# KEEP_DAYS           how long dumps stay
# RCLONE_CONFIG       the remotes and their credentials
set -Eeuo pipefail

umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
name=surveys-$(date -u +%Y%m%dT%H%M%SZ).dump.enc

pg_dump --format=custom --no-owner --file "$work/dump" "$DATABASE_URL"
pg_restore --list "$work/dump" | grep -q 'TABLE DATA public surveys_answer '
openssl enc -aes-256-cbc -pbkdf2 -salt -pass "file:$PASSPHRASE_FILE" -in "$work/dump" -out "$work/$name"
rclone copyto --immutable "$work/$name" "$OFFSITE/$name"
rclone check --one-way --include "$name" "$work" "$OFFSITE"
rclone copy "$EXPORTS" "$OFFSITE/exports"
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --command "INSERT INTO backup_run (finished_at) VALUES (now())" "$DATABASE_URL"
# Only now, when the new dump is stored, old ones go.
rclone delete --include 'surveys-*.dump.enc' --min-age "${KEEP_DAYS}d" "$OFFSITE"
echo "backup.sh: stored $name"
