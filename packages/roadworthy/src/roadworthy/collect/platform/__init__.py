"""Files by which platforms are told what to run: one module per platform."""
