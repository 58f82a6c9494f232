"""The explorer: map, timeline and table of the alliances, drawn from the catalogue."""
