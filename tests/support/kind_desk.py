"""A published data folder of a city with bulletins and a made kind of report, for the tests of the desk."""

from __future__ import annotations

from pathlib import Path

from pipeline.core.paths import Data
from pipeline.raw.start import start_folder
from support.bulletins import Bulletin, website_table, write_bulletins
from support.kinds import describe_kind, training_report
from support.project import ogi_here, run_here

CITY, YEAR = "411200", 2021
NAME = "政府网站与政务新媒体检查情况通报"
# The third quarter is missing; the rate of the second is wrong, and so is the total of the parts of the fourth.
BULLETINS = (Bulletin(quarter=1), Bulletin(quarter=2, printed_rate="98.00"), Bulletin(quarter=4, wechat=190))
WRONG = "2021/411200-inspection-Q2.txt"
RATE = "inspection/new_media.pass_rate/own"
PEOPLE = ((3, 7, 10), (5, 15, 21))


def publish_city(folder: Path) -> Data:
    """Publish three bulletins, a table of a website and a report of the made kind, which has a wrong row."""
    data = Data(folder / "data")
    start_folder(data, "三门峡市", [])
    describe_kind(data.raw)
    write_bulletins(folder / "sent", *BULLETINS)
    (folder / "sent" / "site.html").write_text(website_table(YEAR, "4112000001", (31, 20, 10)), encoding="utf-8")
    training = training_report("一", PEOPLE, 50, 40, "80")
    (folder / "sent" / "training.html").write_text(training, encoding="utf-8")
    added = ogi_here(folder, "add", "sent", "--source", "模拟")
    assert "登记 5 份" in added.stdout, added.stdout
    assert run_here(folder) == 1
    return data
