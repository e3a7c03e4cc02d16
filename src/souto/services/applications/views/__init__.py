"""The applicant's pages. Each view reads through queries and calls at most one action."""
