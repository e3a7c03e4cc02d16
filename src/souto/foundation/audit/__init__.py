"""The audit trail (監査記録): what was done, seen and refused, chained so that nobody can rewrite it."""
