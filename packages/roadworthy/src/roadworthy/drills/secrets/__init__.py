"""Does the service keep its secrets, and ask for those it lacks?"""
