"""Kubernetes manifests: what runs, how it is reached, configured, probed and kept."""
