"""Does the service say honestly, and in time, that something it needs is broken?"""
