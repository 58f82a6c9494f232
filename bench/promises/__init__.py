"""What is promised of the index, each promise tried out in processes that may die: `bench/reliability.py` runs them."""
