"""The benchmarks: `make bench` writes docs/benchmarks.md."""
