import PrometheusText

print("bench")
