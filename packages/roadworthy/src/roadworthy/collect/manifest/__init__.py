"""Package manifests: what a program asks for, and the scripts they define."""
