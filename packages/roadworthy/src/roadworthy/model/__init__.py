"""The nouns. Frozen dataclasses on the standard library; this package knows nobody."""
