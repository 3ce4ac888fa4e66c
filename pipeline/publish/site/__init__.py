"""The static site of the published snapshot, which a browser opens from a folder without a server."""
