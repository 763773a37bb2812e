"""Does what the service promised outlive one of its processes?"""
