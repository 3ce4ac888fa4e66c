"""On the path of a process that must not use the network; see `test_confined`."""
