"""Can the service be replaced while it works?"""
