"""Can a failure be seen?"""
