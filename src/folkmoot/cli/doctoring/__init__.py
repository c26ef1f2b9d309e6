"""What `folkmoot doctor` looks at: each look gives one line, and a remedy where something is wrong."""
