"""Surveys, their questions and answers."""
