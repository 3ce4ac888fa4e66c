"""Edit: statistical data editing on any linear edits, and on the statutory forms; what people decided is applied.

`EditSet` holds edits; `confront` tests a record, `derive` gives the values that follow, `localise` the least sets of
wrong variables, `explain` what may have happened. `statutory` and `review` put the forms' identities through them. No
number is changed silently.
"""

from pipeline.edit.derive import Derived, derive
from pipeline.edit.edits import Edit, EditSet, confront
from pipeline.edit.explain import Explanation, explain
from pipeline.edit.localise import Located, Weights, localise

__all__ = [
    "Derived", "Edit", "EditSet", "Explanation", "Located", "Weights", "confront", "derive", "explain", "localise",
]  # fmt: skip
