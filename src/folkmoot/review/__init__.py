"""What people do: report, look, decide, take back, appeal, answer; each one function with `by=`."""
