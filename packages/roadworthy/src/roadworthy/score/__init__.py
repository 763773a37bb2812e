"""From results to points and a verdict. `weights.toml` is the whole policy."""
