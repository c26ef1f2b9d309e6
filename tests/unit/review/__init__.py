"""What people do: report, look, decide, take back, appeal, answer."""
