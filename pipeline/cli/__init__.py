"""The command line `ogi`: one module per command, named after it."""
