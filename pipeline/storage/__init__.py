"""Tables on disk: their columns, files, snapshots and database."""
