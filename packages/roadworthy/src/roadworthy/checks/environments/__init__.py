"""Is it the same everywhere?"""
