"""Does the service tell its platform the truth about itself?"""
