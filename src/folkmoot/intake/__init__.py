"""The way of a message from a gateway to its verdict."""
