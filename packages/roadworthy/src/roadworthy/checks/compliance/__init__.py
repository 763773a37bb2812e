"""Does it keep the promises the law asks for?"""
