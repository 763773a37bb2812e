#!/usr/bin/env bash
# Dump the database, check the dump, encrypt it when a passphrase is given, and only then drop the oldest ones.
#
# usage: backup.sh [FILE]
# DATABASE_URL            the database
# BACKUP_DIR              where dumps go, unless FILE is given
# BACKUP_PASSPHRASE_FILE  a file with a passphrase: the dump is encrypted with it
# BACKUP_KEEP             how many dumps stay in BACKUP_DIR (14)
# exit: 0 done · 64 wrong usage · 65 dump failed · 66 dump is not readable · 67 not recorded
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/database.sh"

read_database_url
keep=${BACKUP_KEEP:-14}
[[ $keep =~ ^[1-9][0-9]*$ ]] || fail 64 "BACKUP_KEEP must be a number from 1"
if (($# > 0)); then
  target=$1
else
  [[ -d "${BACKUP_DIR:-}" ]] || fail 64 "BACKUP_DIR is not a folder"
  target="$BACKUP_DIR/questionnaire-$(date -u +%Y%m%dT%H%M%SZ).dump"
fi
if [[ -n "${BACKUP_PASSPHRASE_FILE:-}" ]]; then
  [[ -s $BACKUP_PASSPHRASE_FILE ]] || fail 64 "BACKUP_PASSPHRASE_FILE is empty or missing"
  [[ $target == *.enc ]] || target="$target.enc"
fi

umask 077
work=$(mktemp -d "$(dirname "$target")/.backup.XXXXXX")
trap 'rm -rf "$work"' EXIT

# One snapshot for the dump and for the content it is later compared with: the session that exports it stays open.
coproc session { run_sql "$DATABASE_ADDRESS" 2>&1; }
exec {to_session}>&"${session[1]}" {from_session}<&"${session[0]}"
# shellcheck disable=SC2154 # coproc sets it
session_process=$session_PID
printf '%s\n' "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;" "SELECT pg_export_snapshot();" >&"$to_session"
read -r -t 30 snapshot <&"$from_session" || fail 65 "the database does not answer"
[[ $snapshot =~ ^[0-9A-F-]+$ ]] || fail 65 "no snapshot: $snapshot"

pg_dump --format=custom --no-owner --no-privileges --lock-wait-timeout=30s --snapshot="$snapshot" \
  --file="$work/dump" --dbname="$DATABASE_ADDRESS" || fail 65 "pg_dump failed"

printf '%s\n\\gexec\nCOMMIT;\n\\q\n' "$CONTENT_QUERY" >&"$to_session"
exec {to_session}>&-
cat <&"$from_session" >"$work/content"
wait "$session_process" 2>/dev/null || true

pg_restore --list "$work/dump" >"$work/list" || fail 66 "the dump is not readable"
for table in subject consent session answer answer_history erasure_tombstone; do
  grep -q " TABLE DATA public $table " "$work/list" || fail 66 "the dump lacks the table $table"
  grep -q "^$table|" "$work/content" || fail 66 "the content of the table $table is not known"
done

if [[ -n "${BACKUP_PASSPHRASE_FILE:-}" ]]; then
  openssl enc -aes-256-cbc -pbkdf2 -iter 200000 -salt -pass "file:$BACKUP_PASSPHRASE_FILE" \
    -in "$work/dump" -out "$work/encrypted" || fail 66 "the dump cannot be encrypted"
  mv "$work/encrypted" "$work/dump"
fi

digest=$(sha256sum "$work/dump" | cut -d ' ' -f 1)
size=$(stat --format=%s "$work/dump")
printf '%s  %s\n' "$digest" "$(basename "$target")" >"$work/digest"
sync "$work/dump" "$work/content" "$work/digest"
mv "$work/content" "$target.content"
mv "$work/digest" "$target.sha256"
mv "$work/dump" "$target"
(cd "$(dirname "$target")" && sha256sum --check --quiet "$(basename "$target").sha256") || fail 66 "the stored dump differs"

run_sql "$DATABASE_ADDRESS" <<SQL || fail 67 "the backup is stored but not recorded"
INSERT INTO backup_run (kind, sha256, size_bytes) VALUES ('backup', '$digest', $size);
SQL

if (($# == 0)); then
  find "$BACKUP_DIR" -maxdepth 1 -type f \( -name 'questionnaire-*.dump' -o -name 'questionnaire-*.dump.enc' \) |
    sort --reverse | tail --lines=+$((keep + 1)) |
    while read -r old; do
      rm -f "$old" "$old.sha256" "$old.content"
    done
fi
printf 'backup.sh: %s (%s bytes, sha256 %s)\n' "$target" "$size" "$digest"
