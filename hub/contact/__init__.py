"""Letters to people in the directory and to the hub's desk, which show nobody's address."""
