"""Bare servers to compare with. They greet nobody, check nothing and keep nothing."""
