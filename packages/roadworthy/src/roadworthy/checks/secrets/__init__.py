"""Are its secrets and its configuration in order?"""
