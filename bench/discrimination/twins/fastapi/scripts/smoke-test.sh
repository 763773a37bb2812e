#!/usr/bin/env bash
# Ask a released version for one page of bookings.
#
# usage: smoke-test.sh BASE_URL
# SMOKE_TOKEN   the bearer token
set -euo pipefail

base=${1:?usage: smoke-test.sh BASE_URL}
: "${SMOKE_TOKEN:?}"
printf 'header = "Authorization: Bearer %s"\n' "$SMOKE_TOKEN" |
  curl --config - --fail --silent --show-error --max-time 10 --retry 5 --retry-delay 3 --output /dev/null \
    "$base/api/v1/bookings?limit=1"
printf 'smoke-test.sh: %s answers\n' "$base"
