"""Edit: statistical data editing with any linear edits, and with the identities of the statutory forms.

An edit is a constraint on the variables of a record. `EditSet` holds edits. `confront` tests a record on them, and
`derive` returns the missing values that follow. `localise` returns the least sets of wrong variables, and `explain` the
slips that may have happened. `examine` reports edits that contradict each other or follow from others. `statutory` and
`review` apply these to reports, `decide` matches the decisions of people.
No number is changed silently.
"""

from pipeline.edit.derive import Imputation, derive
from pipeline.edit.edits import Edit, EditSet, confront
from pipeline.edit.examine import Examination, examine
from pipeline.edit.explain import Explanation, explain
from pipeline.edit.hypotheses import RecordContext
from pipeline.edit.localise import Localisation, Weights, localise

__all__ = [
    "Edit", "EditSet", "Examination", "Explanation", "Imputation", "Localisation", "RecordContext", "Weights",
    "confront", "derive", "examine", "explain", "localise",
]  # fmt: skip
