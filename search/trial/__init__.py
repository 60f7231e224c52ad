"""A trial and what is measured of it. Owns these values; knows no database, record or network."""
