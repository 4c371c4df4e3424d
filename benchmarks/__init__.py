"""How fast it is, measured: each module has a `main()` that prints one table."""
