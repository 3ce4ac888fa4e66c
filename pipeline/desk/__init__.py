"""The desk: a local web application for the clerk of a disclosure office, over the functions that the commands use.

It has no state of its own: reports, receipts and decisions are files of the data folder. It serves this machine only.
"""
