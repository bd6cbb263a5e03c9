import PrometheusText

extension MetricsSample: Codable {
  private enum CodingKeys: String, CodingKey {
    case service, scrape, signals, summed, streams, streamCount, restartEvidence, latencyMilliseconds, byteCount, resetSignals, processStart
  }

  /// Reads what `encode(to:)` wrote.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      service: try container.decode(ServiceName.self, forKey: .service),
      scrape: try container.decode(Scrape.self, forKey: .scrape),
      signals: try container.decode([SignalID: SignalValue].self, forKey: .signals),
      summed: try container.decodeIfPresent([SignalID: Int].self, forKey: .summed) ?? [:],
      latencyMilliseconds: try container.decode(Double.self, forKey: .latencyMilliseconds),
      byteCount: try container.decode(Int.self, forKey: .byteCount),
      resetSignals: try container.decode([SignalID].self, forKey: .resetSignals),
      restartEvidence: try container.decodeIfPresent(String.self, forKey: .restartEvidence),
      processStart: try container.decodeIfPresent(WallTime.self, forKey: .processStart))
    streams = try container.decodeIfPresent([StreamSignals].self, forKey: .streams) ?? []
    streamCount = try container.decodeIfPresent(Int.self, forKey: .streamCount) ?? 1
  }

  /// Writes the value so that `init(from:)` reads it back.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(service, forKey: .service)
    try container.encode(scrape, forKey: .scrape)
    try container.encode(signals, forKey: .signals)
    try container.encode(summed, forKey: .summed)
    try container.encode(streams, forKey: .streams)
    try container.encode(streamCount, forKey: .streamCount)
    try container.encodeIfPresent(restartEvidence, forKey: .restartEvidence)
    try container.encode(latencyMilliseconds, forKey: .latencyMilliseconds)
    try container.encode(byteCount, forKey: .byteCount)
    try container.encode(resetSignals, forKey: .resetSignals)
    try container.encodeIfPresent(processStart, forKey: .processStart)
  }
}
