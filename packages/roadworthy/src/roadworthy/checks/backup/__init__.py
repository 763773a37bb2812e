"""Can what is lost be brought back?"""
