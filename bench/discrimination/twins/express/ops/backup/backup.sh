#!/bin/bash
# Stores an encrypted dump of the database and a copy of the attachments in the backup account. Run by a CronJob.
#
# PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE   the database
# BACKUP_TARGET        s3://bucket/folder in the backup account; versions are kept for 35 days
# ATTACHMENTS_BUCKET   the bucket to copy
# PASSPHRASE_FILE      the passphrase of the dumps
set -euo pipefail

stamp=$(date -u +%Y-%m-%dT%H-%M-%SZ)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

pg_dump --format=custom --file="$dir/database.dump"
pg_restore --list "$dir/database.dump" | grep --quiet 'TABLE DATA public invoice '
gpg --batch --homedir "$dir" --symmetric --cipher-algo AES256 --passphrase-file "$PASSPHRASE_FILE" --output "$dir/database.dump.gpg" "$dir/database.dump"
aws s3 cp --no-progress "$dir/database.dump.gpg" "$BACKUP_TARGET/database/$stamp.dump.gpg"
aws s3 sync --no-progress "s3://$ATTACHMENTS_BUCKET/attachments" "$BACKUP_TARGET/attachments"
echo "backup.sh: stored $stamp"
