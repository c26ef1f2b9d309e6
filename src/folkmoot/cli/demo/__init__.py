"""The demonstration: a real group on a real homeserver, on this machine only."""
