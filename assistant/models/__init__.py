"""The language model: its files, its process, engines elsewhere, and pulling more of them."""
