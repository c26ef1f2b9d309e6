"""One island per way in; none knows another."""
