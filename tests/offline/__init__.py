"""The folder on the path of processes that must not use the network; see `test_confined`."""
