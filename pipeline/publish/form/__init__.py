"""The statutory form filled from the published data, as files."""
