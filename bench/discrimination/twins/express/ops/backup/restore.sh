#!/bin/bash
# Restores one dump into the empty database that PGHOST … name.
#
# usage: restore.sh STAMP
# BACKUP_TARGET, PASSPHRASE_FILE as in backup.sh
set -euo pipefail

stamp=${1:?usage: restore.sh STAMP}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

aws s3 cp --no-progress "$BACKUP_TARGET/database/$stamp.dump.gpg" "$dir/database.dump.gpg"
gpg --batch --homedir "$dir" --decrypt --passphrase-file "$PASSPHRASE_FILE" --output "$dir/database.dump" "$dir/database.dump.gpg"
pg_restore --exit-on-error --single-transaction --no-owner --dbname="$PGDATABASE" "$dir/database.dump"
echo "restore.sh: restored $stamp"
