"""The console in a real browser, over a real server and a real database."""
