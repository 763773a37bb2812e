"""What Kubernetes manifests have in common."""
