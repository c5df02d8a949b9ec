"""The parts of docs/benchmarks.md: what each record says, in words, tables and plots."""
