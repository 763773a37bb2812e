"""Parts of repositories that release: workflows, scripts, manifests, Dockerfiles."""

DOCKERFILE = {
    "Dockerfile": 'FROM python:3.12-slim\nCOPY main.py .\nCMD ["python", "main.py"]\n',
    "main.py": "print(1)\n",
}


def workflow(*steps: str, job: str = "deploy", more: str = "", env: str = "") -> dict[str, str]:
    """Return a workflow with one job of these steps, each a line of YAML, and further jobs behind it."""
    listed = "".join(f"      - {step}\n" for step in ("uses: actions/checkout@v4", *steps))
    head = f"on: push\n{env}jobs:\n  {job}:\n    runs-on: ubuntu-24.04\n    steps:\n"
    return {".github/workflows/release.yml": head + listed + more}


def runs(*commands: str) -> tuple[str, ...]:
    """Return steps that run these commands."""
    return tuple(f"run: {command}" for command in commands)


def script(*lines: str, head: str = "set -euo pipefail", path: str = "scripts/deploy.sh") -> dict[str, str]:
    """Return a script of these lines."""
    return {path: "\n".join(["#!/usr/bin/env bash", head, *lines, ""])}


def deployment(
    name: str = "shop",
    image: str = "ghcr.io/acme/shop:1.4.2",
    folder: str = "deploy",
    replicas: int = 2,
    more: str = "",
) -> dict[str, str]:
    """Return the manifest of a workload in the namespace `shop`."""
    return {
        f"{folder}/{name}.yaml": f"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  namespace: shop
spec:
  replicas: {replicas}
  selector:
    matchLabels:
      app: {name}
  template:
    metadata:
      labels:
        app: {name}
    spec:
      containers:
        - name: {name}
          image: {image}
{more}"""
    }


def kustomization(*resources: str, folder: str = "deploy", more: str = "") -> dict[str, str]:
    """Return a kustomization of these resources."""
    listed = "".join(f"  - {resource}\n" for resource in resources)
    head = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n"
    return {f"{folder}/kustomization.yaml": head + listed + more}
