"""Persons, credentials, identifiers; staff, departments (課), roles; signing in."""
