"""A running day in the demo: people book, vehicles drive, through the same actions that people and tablets use.

`python -m souto.demo.traffic` is a process beside the demo's web and worker. It looks every few seconds; what it missed while the demo was stopped is driven as
planned. A vehicle that a signed-in driver has taken over is left to her.
"""
