"""The estate's fixtures, for the tests in this folder."""

from tests.estate.fixtures import client, database_url, estate, site, systems

__all__ = ["client", "database_url", "estate", "site", "systems"]
