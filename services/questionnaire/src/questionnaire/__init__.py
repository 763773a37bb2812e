"""QLQ-C30 sessions, answers and scores."""
