"""What all tests of this package share."""

from hypothesis import settings

# No test is judged by the clock: the machines these run on are shared.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
