"""The console: pages for administrators and members."""
