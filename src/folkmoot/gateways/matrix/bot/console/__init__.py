"""The pocket console: administrators see, decide and take back cases in a plain Matrix client."""
