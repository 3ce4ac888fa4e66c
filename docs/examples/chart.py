"""Draw the cities' new applications by year as chart.svg: `uv run --group notebooks python docs/examples/chart.py`."""

import altair as alt

from pipeline import connect

with connect("data") as connection:
    frame = connection.sql("""
        SELECT b.name AS body, o.year, o.value, o.provenance
        FROM observations AS o INNER JOIN bodies AS b USING (body_id)
        WHERE o.indicator = 'applications.new' AND o.applicant = 'total' AND b.level = 'city'
        ORDER BY ALL""").df()

chart = alt.Chart(frame, title="New applications (本年新收申请), as reported by the city")
chart = chart.mark_line(point=True).encode(
    x=alt.X("year:O", title="report year"),
    y=alt.Y("value:Q", title="applications (件)"),
    color=alt.Color("body:N", title="city"),
)
chart.properties(width=360, height=240).save("chart.svg")
print(frame.to_string(index=False))
