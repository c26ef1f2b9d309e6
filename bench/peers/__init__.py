"""The programs that Folkmoot is compared with, each in a process of its own."""
