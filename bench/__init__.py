"""Benchmarks and long runs: real servers on one core, a load generator on another. See README.md."""
