"""Reads a Prometheus text from standard input with prometheus_client and prints its families as JSON."""

import json
import sys

from prometheus_client.parser import text_string_to_metric_families

print(json.dumps({
    family.name: {"type": family.type, "samples": [[s.name, s.labels, s.value] for s in family.samples]}
    for family in text_string_to_metric_families(sys.stdin.read())
}))
