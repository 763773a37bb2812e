#!/usr/bin/env bash
# Asks a released version: the interface must refuse who has no token.
#
# usage: smoke.sh ORIGIN
set -euo pipefail

origin=${1:?usage: smoke.sh ORIGIN}
status=$(curl --silent --show-error --max-time 10 --retry 5 --retry-all-errors --output /dev/null --write-out '%{http_code}' "$origin/api/invoices")
if [ "$status" != 401 ]; then
  echo "smoke.sh: $origin answers $status, not 401" >&2
  exit 1
fi
echo "smoke.sh: $origin answers"
