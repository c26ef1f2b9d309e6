"""The HTTP API for any other chat system."""
