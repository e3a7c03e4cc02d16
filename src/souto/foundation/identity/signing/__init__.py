"""Signatures by card: the connection to the signing API (署名API), the trusted roots, the judgement."""
