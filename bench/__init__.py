"""Benchmarks: `make bench`. One JSON object a line; ratios to a floor of the same run."""
