#!/usr/bin/env bash
# Release one version: migrate, roll out, wait, try the new version; go back when it does not become ready.
#
# usage: deploy.sh OVERLAY VERSION   OVERLAY is staging or production, VERSION the tag of both images
# KUBE_CONTEXT                       the context to deploy to
set -euo pipefail

overlay=${1:?usage: deploy.sh OVERLAY VERSION}
version=${2:?usage: deploy.sh OVERLAY VERSION}
: "${KUBE_CONTEXT:?}"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
namespace=appointments-$overlay

in_cluster() {
  kubectl --context "$KUBE_CONTEXT" --namespace "$namespace" "$@"
}

release=$(mktemp -d "$root/deploy/overlays/.release.XXXXXX")
trap 'rm -rf "$release"' EXIT
cat >"$release/kustomization.yaml" <<YAML
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [../$overlay]
images:
  - {name: ghcr.io/harbour-clinic/appointments, newTag: "$version"}
  - {name: ghcr.io/harbour-clinic/appointments-backup, newTag: "$version"}
YAML

in_cluster apply --kustomize "$root/deploy/overlays/$overlay" --selector 'app.kubernetes.io/name!=appointments'
in_cluster wait --for=condition=Ready --timeout=60s externalsecret/appointments
in_cluster delete job appointments-migrate --ignore-not-found --wait
in_cluster apply --kustomize "$release" --selector app.kubernetes.io/component=migrate
if ! in_cluster wait --for=condition=complete --timeout=300s job/appointments-migrate; then
  echo "deploy.sh: the migration failed; nothing was rolled out" >&2
  exit 65
fi

in_cluster apply --kustomize "$release" --selector 'app.kubernetes.io/component!=migrate'
if ! in_cluster rollout status deployment/appointments --timeout=180s; then
  in_cluster rollout undo deployment/appointments
  in_cluster rollout status deployment/appointments --timeout=180s
  echo "deploy.sh: $version did not become ready; the one before is back" >&2
  exit 66
fi
printf 'deploy.sh: released %s\n' "$version"
