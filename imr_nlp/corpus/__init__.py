"""Reading and writing annotated letters; this package holds nothing yet."""
