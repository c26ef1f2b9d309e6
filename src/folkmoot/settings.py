"""What an operator can set: one definition each, giving TOML, environment, checks and documentation."""
