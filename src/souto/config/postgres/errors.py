"""What can go wrong with Souto's own PostgreSQL, in words that say what to do next."""


class PostgresError(RuntimeError):
    """Souto's own PostgreSQL cannot be prepared, started or stopped."""
