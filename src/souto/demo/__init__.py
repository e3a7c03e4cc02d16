"""Fills and walks the demo city through the same actions that people use."""
