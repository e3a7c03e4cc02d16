"""What is known of the instances of the literature: optima, best known plans, and where the files lie."""

from __future__ import annotations

import csv
import os
from pathlib import Path

#: The folder with the instances.
DATA = Path(os.environ.get("SOUTO_SAMPLES", Path(__file__).resolve().parents[2] / "shared" / "data")) / "transit"

#: Optimal costs of Cordeau's instances of 2006 that are proved by Gaul, Klamroth and Stiglmayr (2022, tables 5 and 6, to one decimal), with a second decimal as
#: Ropke, Cordeau and Laporte (2007) have it.
PROVED = {
    "a2-16": 294.25, "a2-20": 344.83, "a2-24": 431.12, "a3-18": 300.48, "a3-24": 344.83, "a3-36": 583.19, "a4-16": 282.68, "a4-48": 668.82,
    "a5-60": 808.42, "a6-72": 916.05, "a7-84": 1033.37, "a8-96": 1229.66, "b2-16": 309.41, "b2-20": 332.64, "b2-24": 444.71, "b3-18": 301.64,
    "b3-36": 603.79, "b4-16": 296.96, "b4-48": 673.81, "b5-60": 902.04, "b6-72": 978.47, "b7-84": 1203.37, "b8-96": 1185.55,
}  # fmt: skip
#: The other sizes as the literature after 2007 quotes them; not compared with a paper here. No search has gone below one of them so far.
QUOTED = {
    "a3-30": 494.85, "a4-24": 375.02, "a4-32": 485.50, "a4-40": 557.69, "a5-40": 498.41, "a5-50": 686.62, "a6-48": 604.12, "a6-60": 819.25,
    "a7-56": 724.04, "a7-70": 889.12, "a8-64": 747.46, "a8-80": 945.73, "b3-24": 394.51, "b3-30": 531.44, "b4-24": 371.41, "b4-32": 494.82,
    "b4-40": 656.63, "b5-40": 613.72, "b5-50": 761.40, "b6-48": 714.83, "b6-60": 860.07, "b7-56": 823.97, "b7-70": 912.62, "b8-64": 839.89,
    "b8-80": 1036.34,
}  # fmt: skip
OPTIMA = PROVED | QUOTED
#: What the last decimal of a published cost leaves open, percent of a small cost.
ROUNDING = 0.004


def riders(name: str) -> int:
    """How many ride in an instance of 2006: `a4-48` has 48."""
    return int(name.split("-")[1])


def authors_cost(data: Path, name: str) -> float:
    """The cost of Cordeau and Laporte's own plan of 2003, from the file beside the instance."""
    return float((data / "cordeau_laporte_2003_pr" / "results" / f"{name}.res").read_text().split()[0])


def best_li_lim(data: Path) -> dict[str, tuple[int, float]]:
    """Vehicles and distance of SINTEF's best known plans, by the lower-case name."""
    with (data / "li_lim" / "bks_computed.csv").open(encoding="utf-8") as file:
        return {row["instance"].lower(): (int(row["vehicles"]), float(row["distance"])) for row in csv.DictReader(file)}
