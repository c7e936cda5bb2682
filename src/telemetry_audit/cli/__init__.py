"""The commands; each has a file of its own and is loaded when it is called."""
