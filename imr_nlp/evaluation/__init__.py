"""Metrics and reports on annotated letters; this package holds nothing yet."""
