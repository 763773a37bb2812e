"""What other tools say (to be asked)."""
