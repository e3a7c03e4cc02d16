"""Casework (審査): queues, opinions, decisions, deadlines, the hand-over to core systems."""
