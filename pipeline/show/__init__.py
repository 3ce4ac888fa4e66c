"""Show: what the commands print, on a terminal or as lines for a log. Nothing here changes data, but for the job."""
