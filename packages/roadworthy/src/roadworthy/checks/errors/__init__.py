"""Does it fail well?"""
