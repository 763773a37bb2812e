#!/usr/bin/env bash
# Restore a dump, then erase again every subject that was erased after the dump was made.
#
# usage: restore.sh [--replace] FILE
# --replace               overwrite a database that holds data
# DATABASE_URL            the database to restore into
# BACKUP_PASSPHRASE_FILE  the passphrase of an encrypted dump
# exit: 0 done · 64 wrong usage · 66 dump damaged, nothing touched · 68 database not empty · 69 restore failed, rolled back
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/database.sh"

replace=no
if [[ ${1:-} == --replace ]]; then
  replace=yes
  shift
fi
(($# == 1)) || fail 64 "usage: restore.sh [--replace] FILE"
file=$1
[[ -f $file ]] || fail 64 "$file is not a file"
read_database_url

umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

[[ -f $file.sha256 ]] || fail 66 "$file.sha256 is missing: the dump cannot be checked"
expected=$(cut -d ' ' -f 1 "$file.sha256")
actual=$(sha256sum "$file" | cut -d ' ' -f 1)
[[ $expected == "$actual" ]] || fail 66 "$file is damaged: its checksum differs"
dump=$file
if [[ $file == *.enc ]]; then
  [[ -s "${BACKUP_PASSPHRASE_FILE:-}" ]] || fail 64 "BACKUP_PASSPHRASE_FILE is needed for an encrypted dump"
  openssl enc -d -aes-256-cbc -pbkdf2 -iter 200000 -pass "file:$BACKUP_PASSPHRASE_FILE" \
    -in "$file" -out "$work/dump" || fail 66 "$file cannot be decrypted"
  dump=$work/dump
fi
pg_restore --list "$dump" >/dev/null || fail 66 "$file is not a dump"

tables=$(run_sql "$DATABASE_ADDRESS" <<<"SELECT count(*) FROM pg_tables WHERE schemaname = 'public';") ||
  fail 69 "the database does not answer"
if ((tables > 0)) && [[ $replace == no ]]; then
  fail 68 "the database is not empty; give --replace to overwrite it"
fi

# Tombstones and the record of backups are younger than the dump: they are carried over, not restored.
: >"$work/tombstones"
has_tombstones=$(run_sql "$DATABASE_ADDRESS" <<<"SELECT to_regclass('public.erasure_tombstone') IS NOT NULL;")
if [[ $has_tombstones == t ]]; then
  run_sql "$DATABASE_ADDRESS" <<<"COPY erasure_tombstone TO STDOUT;" >"$work/tombstones"
fi

# The tables go and come back in one transaction, with the erasures: nobody sees a resurrected subject.
{
  printf '%s\n' "BEGIN;" "SET lock_timeout = '30s';"
  cat <<'SQL'
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DROP TABLE public.%I CASCADE', name);
  END LOOP;
END
$$;
SQL
  pg_restore --no-owner --no-privileges --file=- "$dump"
  cat <<'SQL'
SET search_path = public;
CREATE TEMPORARY TABLE younger_tombstone (LIKE erasure_tombstone);
COPY younger_tombstone FROM STDIN;
SQL
  cat "$work/tombstones"
  cat <<'SQL'
\.
INSERT INTO erasure_tombstone SELECT * FROM younger_tombstone ON CONFLICT DO NOTHING;
CREATE TEMPORARY TABLE erased AS
  SELECT id FROM subject WHERE sha256(convert_to(id::text, 'UTF8')) IN (SELECT subject_digest FROM erasure_tombstone);
DELETE FROM answer_history WHERE session_id IN (SELECT id FROM session WHERE subject_id IN (SELECT id FROM erased));
DELETE FROM answer WHERE session_id IN (SELECT id FROM session WHERE subject_id IN (SELECT id FROM erased));
DELETE FROM session WHERE subject_id IN (SELECT id FROM erased);
DELETE FROM consent WHERE subject_id IN (SELECT id FROM erased);
DELETE FROM subject WHERE id IN (SELECT id FROM erased);
COMMIT;
SQL
} >"$work/restore.sql" || fail 69 "the dump cannot be read; nothing was changed"
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname "$DATABASE_ADDRESS" --file "$work/restore.sql" >/dev/null ||
  fail 69 "the restore failed and was rolled back"
printf 'restore.sh: restored %s\n' "$file"
