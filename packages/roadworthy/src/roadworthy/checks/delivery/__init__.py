"""Does what was tested reach production?"""
