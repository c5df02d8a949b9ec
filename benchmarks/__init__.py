"""What the platform costs, measured: `python -m benchmarks`."""
