"""Does it keep up?"""
