-- One row per city, year, indicator and kind of applicant: the rows of `compiled` about cities.
SELECT * FROM compiled WHERE level = 'city'
