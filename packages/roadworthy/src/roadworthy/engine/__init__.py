"""The recipes: how the stages follow one another."""
