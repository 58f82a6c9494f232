"""The alliances and organisations that a text names."""
