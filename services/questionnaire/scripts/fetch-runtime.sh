#!/usr/bin/env bash
# Put the runtime where pyproject.toml and the Dockerfile look for it: ../../packages/runtime.
#
# ROADWORTHY_REPOSITORY  the git address of the repository that holds packages/runtime
# ROADWORTHY_REF         the branch or tag to take (main)
set -euo pipefail

target="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/../../packages/runtime"
if [[ -f $target/pyproject.toml ]]; then
  exit 0
fi
[[ -n "${ROADWORTHY_REPOSITORY:-}" ]] || {
  echo "fetch-runtime.sh: ROADWORTHY_REPOSITORY is not set" >&2
  exit 64
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone --depth 1 --branch "${ROADWORTHY_REF:-main}" "$ROADWORTHY_REPOSITORY" "$work/roadworthy"
mkdir -p "$(dirname "$target")"
cp -R "$work/roadworthy/packages/runtime" "$target"
