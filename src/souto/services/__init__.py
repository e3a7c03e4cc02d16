"""What the city offers, a room for each service."""
