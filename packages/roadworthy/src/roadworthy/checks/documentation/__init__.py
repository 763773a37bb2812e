"""Can someone else run it?"""
