"""Souto beside other ways to do the same work, measured in one run. Each is ``python -m benchmarks.NAME``."""
