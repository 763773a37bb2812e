"""Can it be abused?"""
