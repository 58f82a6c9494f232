"""The library: which articles are read, what was added, what the index was before."""
