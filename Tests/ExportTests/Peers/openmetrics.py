"""Reads OpenMetrics text with prometheus_client's strict parser; prints families and samples: openmetrics.py FILE"""

import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families

families = list(text_string_to_metric_families(open(sys.argv[1], encoding="utf-8").read()))
print(json.dumps({
    "families": len(families), "samples": sum(len(family.samples) for family in families),
    "counters": sorted(family.name for family in families if family.type == "counter"),
}))
