"""Compose files: what runs, from which image, with which ports, variables, files and commands.

Each file is read by itself; what an override changes is joined when the facts are linked.
"""
