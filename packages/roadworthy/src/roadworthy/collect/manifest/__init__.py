"""Package manifests and lock files: what a program asks for, and the scripts they define."""
