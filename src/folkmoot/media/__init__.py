"""Looking at pictures, in a process of its own that is limited and can be killed (optional)."""
