"""Journeys in the demo city: one running demo for all of them, people on devices of their own."""
