"""From what single artifacts say to what the repository says: components, packs, derived and closed sets."""
