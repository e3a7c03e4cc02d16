"""Demand transit (デマンド交通): services and their published versions, the engines of roads and dispatch."""
