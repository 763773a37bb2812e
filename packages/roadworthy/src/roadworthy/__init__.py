"""The roadworthiness test for web services."""
