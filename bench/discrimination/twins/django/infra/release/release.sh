#!/usr/bin/env bash
# Migrates, rolls out, waits; goes back when the new version does not become ready.
#
# usage: release.sh staging|production TAG
set -Eeuo pipefail

target=${1:?usage: release.sh staging|production TAG}
tag=${2:?usage: release.sh staging|production TAG}
overlay=$(cd "$(dirname "${BASH_SOURCE[0]}")/../k8s/overlays/$target" && pwd)

kube() {
  kubectl --context "surveys-$target" --namespace "surveys-$target" "$@"
}

(cd "$overlay" && kustomize edit set image "registry.civic-lab.example/surveys=registry.civic-lab.example/surveys:$tag" \
  "registry.civic-lab.example/surveys-backup=registry.civic-lab.example/surveys-backup:$tag")

kube apply --kustomize "$overlay" --selector tier=configuration
kube delete job surveys-migrate --ignore-not-found --wait
kube apply --kustomize "$overlay" --selector tier=migration
kube wait --for=condition=complete --timeout=300s job/surveys-migrate
kube apply --kustomize "$overlay" --selector 'tier notin (configuration, migration)'

for deployment in surveys-web surveys-worker surveys-beat; do
  if ! kube rollout status "deployment/$deployment" --timeout=300s; then
    for each in surveys-web surveys-worker surveys-beat; do
      kube rollout undo "deployment/$each"
    done
    echo "release.sh: $deployment of $tag did not become ready; the version before is back" >&2
    exit 1
  fi
done
echo "release.sh: $target runs $tag"
