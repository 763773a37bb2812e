"""What Roadworthy costs, measured: one file per question, each with a `main` that prints its answer."""
