"""Demand transit (デマンド交通): rides booked at once, vehicles dispatched in real time, every promise kept."""
