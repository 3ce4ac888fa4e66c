"""Read a report of another kind than the annual one: its title, its prose, its tables and lists.

`title` and `report` are used from outside. `prose` reads paragraphs with `readings`, `context`, `clauses`, `sections`
and `parts`; `tables` reads grids with `captions`, `cells`, `heads`, `labels`, `crosstab` and `lists`.
"""
