import Events
import MediaSync
import RunModel
import WireFormats

/// What only dubwatch knows of a run, as metrics for an engine to record and alert on. Pure. What is not known has no sample.
package struct OwnMetrics: Sendable {
  /// A family and its samples.
  struct Family: Sendable {
    enum Kind: String { case gauge, counter }

    /// Its name; a counter's ends with `_total`.
    var name: String
    var kind = Kind.gauge
    /// The unit that its name ends with, before `_total`; nil for a plain number.
    var unit: String?
    var help: String
    var samples: [(labels: [(String, String)], value: Double)] = []
  }

  /// The families, also those without samples.
  let families: [Family]

  /// The metrics of a run as it is.
  package init(_ run: RunState) { families = Self.families(run) }

  /// The content type of a form.
  package static func contentType(openMetrics: Bool) -> String {
    openMetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8"
  }

  /// The page.
  /// - Parameter openMetrics: OpenMetrics 1.0 in place of the text format 0.0.4.
  package func text(openMetrics: Bool) -> String {
    var text = ""
    for family in families {
      // OpenMetrics names a counter's family without `_total`.
      let name = openMetrics && family.kind == .counter ? String(family.name.dropLast("_total".count)) : family.name
      text += "# HELP \(name) \(family.help)\n# TYPE \(name) \(family.kind.rawValue)\n"
      if openMetrics, let unit = family.unit { text += "# UNIT \(name) \(unit)\n" }
      for (labels, value) in family.samples {
        let words = labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
        text += "\(family.name)\(words.isEmpty ? "" : "{\(words)}") \(NumberText.go(value))\n"
      }
    }
    return text + (openMetrics ? "# EOF\n" : "")
  }

  /// How many findings that hold are told one by one.
  private static let findingLimit = 200

  /// For how long a measured offset is one of now, in seconds: five segments.
  private static let currentSeconds = 30.0

  private static func families(_ run: RunState) -> [Family] {
    // The one list of what is wrong now.
    let findings = run.alarms
    return [
      Family(name: "dubwatch_findings", help: "What is wrong now.", samples: [([], Double(findings.count))]),
      Family(
        name: "dubwatch_finding_active", help: "1 for each thing that is wrong now, by its name.",
        samples: Set(findings.map(\.id)).sorted().prefix(findingLimit).map { ([("finding", $0)], 1) }),
      Family(
        name: "dubwatch_breaker_state",
        help: "The breaker as log and gauge together tell it: 1 for the state that holds; none while it is not known.",
        samples: run.currentBreaker.map { state in BreakerState.allCases.map { ([("state", $0.rawValue)], $0 == state ? 1 : 0) } } ?? []),
      Family(
        name: "dubwatch_service_healthy",
        help: "1 for a service that is healthy now, 0 for one that is not; none while it is not known.",
        samples: run.services.compactMap { service in run.isHealthy(service).map { ([("service", service.name.text)], $0 ? 1 : 0) } }),
      Family(
        name: "dubwatch_content_offset_seconds", unit: "seconds",
        help: "How late the sound that is really heard comes after its picture, as measured within the last 30 s; none when it was not.",
        samples: run.streams.all.compactMap { stream in
          stream.contentOffsets.last.flatMap { last in
            guard stream.opened != nil, run.now.seconds(since: last.at) <= currentSeconds else { return nil }
            return ([("stream", stream.name.text)], last.value.offsetMilliseconds / 1000)
          }
        }),
      Family(
        name: "dubwatch_dub_coverage_ratio", unit: "ratio",
        help: "The share of segments heard whose sound is the dub, of those whose sound could be told.",
        samples: run.streams.all.compactMap { stream in
          let told = stream.heard.map(\.value.voice).filter { $0 != .unknown }
          return told.isEmpty ? nil : ([("stream", stream.name.text)], Double(told.count { $0 == .dubbed }) / Double(told.count))
        }),
      Family(
        name: "dubwatch_expectations", help: "Expectations of the run by how they stand.",
        samples: run.verdict.isJudged
          ? [
            ("met", run.verdict.counts.met), ("violated", run.verdict.counts.violated), ("pending", run.verdict.counts.pending),
            ("not-known", run.verdict.counts.unobservable),
          ].map { ([("standing", $0.0)], Double($0.1)) } : []),
      Family(
        name: "dubwatch_events_total", kind: .counter, help: "Events of the run so far.", samples: [([], Double(run.eventCount))]),
      Family(
        name: "dubwatch_own_cpu_ratio", unit: "ratio", help: "The share of one core that dubwatch itself used last.",
        samples: run.ownCost.map { [([], $0.cpuPercent / 100)] } ?? []),
      Family(
        name: "dubwatch_own_memory_bytes", unit: "bytes", help: "Resident memory of dubwatch itself.",
        samples: run.ownCost.map { [([], Double($0.residentBytes))] } ?? []),
    ]
  }

  private static func escaped(_ value: String) -> String {
    var text = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": text += "\\\\"
      case "\"": text += "\\\""
      case "\n": text += "\\n"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

extension RunState {
  /// The breaker's state; nil while it is not known, also because its worker is not heard of.
  fileprivate var currentBreaker: BreakerState? { workerUnknownSeconds == nil ? breaker.state : nil }

  /// Whether a service is healthy; nil where that is not known now.
  fileprivate func isHealthy(_ service: ServiceTrack) -> Bool? {
    switch service.standing(now: now, intervalSeconds: interval(.health, service.name), speed: speed) {
    case .healthy: true
    case .failing, .unreachable, .ended: false
    case .unknown, .stale, .unclear: nil
    }
  }
}
