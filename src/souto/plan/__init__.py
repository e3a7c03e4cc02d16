"""The DX plan as data and its live scoreboard."""
