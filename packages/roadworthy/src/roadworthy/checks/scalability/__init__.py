"""Does it work when there are several of it?"""
