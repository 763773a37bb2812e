#!/usr/bin/env bash
# Release one version: migrate, roll out, wait, ask the new version; roll back when it does not become ready.
#
# usage: deploy.sh VERSION       VERSION is the tag of both images
# KUBE_CONTEXT                   the context to deploy to
# exit: 0 released · 64 wrong usage · 65 migration failed · 66 rolled back · 67 smoke test failed
set -euo pipefail

fail() {
  local code=$1
  shift
  printf 'deploy.sh: %s\n' "$*" >&2
  exit "$code"
}

(($# == 1)) || fail 64 "usage: deploy.sh VERSION"
version=$1
[[ $version =~ ^[A-Za-z0-9._-]+$ ]] || fail 64 "$version is not a tag"
[[ -n "${KUBE_CONTEXT:-}" ]] || fail 64 "KUBE_CONTEXT is not set"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

in_cluster() {
  kubectl --context "$KUBE_CONTEXT" --namespace questionnaire "$@"
}

release=$(mktemp -d "$root/deploy/.release.XXXXXX")
trap 'rm -rf "$release"' EXIT
cat >"$release/kustomization.yaml" <<YAML
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [../kubernetes]
images:
  - {name: ghcr.io/roadworthy/questionnaire, newTag: "$version"}
  - {name: ghcr.io/roadworthy/questionnaire-backup, newTag: "$version"}
YAML

kubectl --context "$KUBE_CONTEXT" apply --filename "$root/deploy/kubernetes/namespace.yaml"
in_cluster get secret questionnaire >/dev/null || fail 64 "the Secret is missing; see docs/runbook.md#secrets"
in_cluster apply --kustomize "$root/deploy/kubernetes" --selector 'app.kubernetes.io/name!=questionnaire'

in_cluster delete job questionnaire-migrate --ignore-not-found --wait
in_cluster apply --kustomize "$release" --selector app.kubernetes.io/component=migrate
in_cluster wait --for=condition=complete --timeout=300s job/questionnaire-migrate ||
  fail 65 "the migration failed; nothing was rolled out"

in_cluster apply --kustomize "$release" --selector 'app.kubernetes.io/component!=migrate'
if ! in_cluster rollout status deployment/questionnaire --timeout=180s; then
  in_cluster rollout undo deployment/questionnaire
  in_cluster rollout status deployment/questionnaire --timeout=180s
  fail 66 "the new version did not become ready; the old one is back"
fi

in_cluster exec deployment/questionnaire -- python -c \
  "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/ready', timeout=5)" ||
  fail 67 "the released version does not answer"
printf 'deploy.sh: released %s\n' "$version"
