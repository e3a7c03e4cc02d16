"""A simulated week (試算): wishes to ride put to a service in the order of asking, by the very rules of a real booking, and what comes of it.

Not an engine: it asks `answers` and `trips` as a booking does, so that the simulation is the service. Nothing is kept of any person: wishes are made by
`transit.demand` from where people live. The same question gives the same figures, on any number of processes.
"""
