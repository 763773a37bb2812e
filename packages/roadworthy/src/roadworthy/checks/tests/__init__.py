"""Would a defect be noticed before it ships?"""
