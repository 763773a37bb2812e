#!/usr/bin/env bash
# Migrates, rolls out and waits; goes back when the new version does not become ready.
#
# usage: release.sh ENVIRONMENT TAG     ENVIRONMENT is staging or production
set -euo pipefail

environment=${1:?usage: release.sh ENVIRONMENT TAG}
tag=${2:?usage: release.sh ENVIRONMENT TAG}
cd "$(dirname "$0")/../k8s/overlays/$environment"
kube=(kubectl --context "invoices-$environment" --namespace "invoices-$environment")

sed -i "s/newTag: .*/newTag: $tag/" kustomization.yaml
"${kube[@]}" delete job invoices-migrate --ignore-not-found --wait
"${kube[@]}" apply --kustomize . --selector 'app!=invoices'
"${kube[@]}" wait --for=condition=complete --timeout=300s job/invoices-migrate
"${kube[@]}" apply --kustomize . --selector 'app=invoices'

if ! "${kube[@]}" rollout status deployment/invoices --timeout=300s; then
  "${kube[@]}" rollout undo deployment/invoices
  "${kube[@]}" rollout status deployment/invoices --timeout=300s
  echo "release.sh: $tag did not become ready; the version before is back" >&2
  exit 1
fi
echo "release.sh: $environment runs $tag"
