/// Scrapes of the shape of a media-service worker: per stream counters with their `_created` series, gauges and a histogram.
struct Workload {
  let name: String
  let streams: Int

  /// Round after round every value is another one.
  func text(round: Int, without skipped: Int? = nil) -> [UInt8] {
    var random = SplitMix(seed: UInt64(streams) &* 1_000_003 &+ UInt64(round))
    var text = ""
    text.reserveCapacity(streams * 3_600)
    let streamNames = (0..<streams).filter { $0 != skipped }.map { "stream-\(10_000 + $0)" }
    for counter in Self.counters {
      describe(counter.name + "_total", "counter", counter.help, &text)
      for stream in streamNames {
        for variant in counter.variants {
          text += "\(prefix)\(counter.name)_total{\(variant)stream_id=\"\(stream)\"} \(Double(random.next() % 5_000_000))\n"
        }
      }
      describe(counter.name + "_created", "gauge", counter.help, &text)
      for stream in streamNames {
        for variant in counter.variants {
          text += "\(prefix)\(counter.name)_created{\(variant)stream_id=\"\(stream)\"} \(random.createdTime())\n"
        }
      }
    }
    for gauge in Self.gauges {
      describe(gauge.name, "gauge", gauge.help, &text)
      for stream in streamNames {
        text += "\(prefix)\(gauge.name){stream_id=\"\(stream)\"} \(random.measure())\n"
      }
    }
    describe("sts_processing_latency_seconds", "histogram", "STS processing latency in seconds", &text)
    for stream in streamNames { histogram(stream, &random, &text) }
    return Array(text.utf8)
  }

  private func histogram(_ stream: String, _ random: inout SplitMix, _ text: inout String) {
    var count = 0.0
    for bound in ["0.5", "1.0", "2.0", "3.0", "4.0", "5.0", "6.0", "8.0", "10.0", "15.0", "+Inf"] {
      count += Double(random.next() % 1_000)
      text += "\(prefix)sts_processing_latency_seconds_bucket{le=\"\(bound)\",stream_id=\"\(stream)\"} \(count)\n"
    }
    text += "\(prefix)sts_processing_latency_seconds_count{stream_id=\"\(stream)\"} \(count)\n"
    text += "\(prefix)sts_processing_latency_seconds_sum{stream_id=\"\(stream)\"} \(random.measure())\n"
  }

  private var prefix: String { "media_service_worker_" }

  private func describe(_ name: String, _ type: String, _ help: String, _ text: inout String) {
    text += "# HELP \(prefix)\(name) \(help)\n# TYPE \(prefix)\(name) \(type)\n"
  }

  private static let counters: [(name: String, help: String, variants: [String])] = [
    ("segments_processed", "Total segments processed", ["type=\"audio\",", "type=\"video\","]),
    ("segments_bytes", "Total bytes processed in segments", ["type=\"audio\",", "type=\"video\","]),
    ("sts_fragments_sent", "Total fragments sent to STS", [""]),
    ("sts_fragments_processed", "Total fragments processed by STS", ["status=\"success\",", "status=\"partial\","]),
    ("backpressure_events", "Backpressure events received from STS", ["action=\"pause\","]),
    ("reconnection_attempts", "Reconnection attempts", [""]),
  ]
  private static let gauges: [(name: String, help: String)] = [
    ("sts_inflight_fragments", "Current number of in-flight STS fragments"),
    ("av_sync_delta_ms", "A/V sync delta in milliseconds"),
    ("sts_breaker_state", "Circuit breaker state"),
  ]
}

// A link to the file of TestSupport: a bench links no test library.
extension SplitMix {
  /// Some digits behind the point, as measured durations have.
  mutating func measure() -> Double { Double(next() % 1_000_000_000) / 1_000_000 }

  /// A time as the Python client writes it: 17 digits with an exponent.
  mutating func createdTime() -> String {
    let seconds = 1_795_352_000 + next() % 900_000
    let fraction = String(10_000_000 + next() % 9_999_999)
    let digits = "\(seconds)\(fraction.dropFirst())"
    return "\(digits.prefix(1)).\(digits.dropFirst())e+09"
  }
}
