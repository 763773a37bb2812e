"""Do the tests and journeys that the service declares hold?"""
