"""Collect reports from the portals of `data/raw/sources.csv`: follow lists, keep every response, find the reports.

The flow is `portals -> crawl (client, archive, links) -> pages`. `job.collect` reads the pages and registers reports.
"""
