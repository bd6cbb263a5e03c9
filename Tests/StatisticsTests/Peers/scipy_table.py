"""Prints what scipy says, as a table of tab-separated rows: function, arguments, result.

Lists of numbers are joined by commas; each number is written so that it reads back exactly.
"""

import itertools
import random
import sys

import scipy
from scipy import stats

random.seed(18)


def row(name, *values):
    print(name, *("," .join(repr(float(v)) for v in value) if isinstance(value, list) else repr(float(value)) for value in values), sep="\t")


print(f"# python3 -m venv v && v/bin/pip install scipy=={scipy.__version__} && v/bin/python Tests/StatisticsTests/Peers/scipy_table.py")

for share in [1e-300, 1e-12, 0.001, 0.005, 0.02, 0.05, 0.25, 0.42, 0.5, 0.58, 0.925, 0.95, 0.975, 0.995, 0.9999999]:
    row("quantile", share, stats.norm.ppf(share))
for z in [-9, -3.2, -0.4, 0, 0.1, 1, 1.96, 5, 12, 30]:
    row("above", z, stats.norm.sf(z))

for count, trials in [(0, 1), (1, 1), (0, 20), (3, 3), (1, 29), (15, 148), (81, 263), (20, 20), (500, 1000), (1, 100000)]:
    for confidence in [0.9, 0.95, 0.99]:
        both = stats.binomtest(count, trials).proportion_ci(confidence, method="wilson")
        low = stats.binomtest(count, trials, alternative="greater").proportion_ci(confidence, method="wilson").low
        high = stats.binomtest(count, trials, alternative="less").proportion_ci(confidence, method="wilson").high
        row("wilson", count, trials, confidence, both.low, both.high, low, high)
for trials, confidence in itertools.product([1, 3, 20, 59, 1000], [0.9, 0.95, 0.99]):
    row("none", trials, confidence, stats.binomtest(0, trials, alternative="less").proportion_ci(confidence, method="exact").high)

tables = [(3, 4, 1, 4), (2, 12, 15, 18), (0, 10, 10, 10), (0, 5, 0, 7), (5, 5, 5, 5), (1, 20, 9, 21), (8, 10, 1, 6), (40, 1000, 12, 900)]
tables += [(random.randint(0, m), m, random.randint(0, n), n) for m, n in ((random.randint(1, 60), random.randint(1, 60)) for _ in range(30))]
for a, m, b, n in tables:
    row("fisher", a, m, b, n, stats.fisher_exact([[a, m - a], [b, n - b]]).pvalue)

for size in range(40):
    m, n = random.randint(1, 24), random.randint(1, 24)
    shift = random.choice([0, 0, 0.5, 2])
    left = [round(random.gauss(shift, 1), 6) for _ in range(m)]
    right = [round(random.gauss(0, 1), 6) for _ in range(n)]
    exact, normal = (stats.mannwhitneyu(left, right, method=method) for method in ("exact", "asymptotic"))
    row("mannwhitney", left, right, exact.statistic, exact.pvalue, normal.pvalue)
for size in range(40):
    m, n = random.randint(1, 60), random.randint(1, 60)
    left = [float(random.randint(0, 6)) for _ in range(m)]
    right = [float(random.randint(0, 6) + random.choice([0, 1])) for _ in range(n)]
    found = stats.mannwhitneyu(left, right, method="asymptotic")
    row("ties", left, right, found.statistic, found.pvalue)

for size in [1, 2, 3, 7, 20, 101]:
    values = [round(random.lognormvariate(0, 2), 6) for _ in range(size)]
    row("quantiles", values, *(stats.scoreatpercentile(values, share) for share in (0, 25, 50, 75, 95, 100)))
sys.stdout.flush()
