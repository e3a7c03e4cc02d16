"""Home pages and navigation of the faces; no tables."""
