"""The small languages inside a compose file: interpolation, short ports, short volumes."""
