"""Figures of the running process: counted as plain numbers, declared in a table, shown to Prometheus on demand."""
