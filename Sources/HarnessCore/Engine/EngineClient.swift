import Fleet
import WireFormats

/// Where an engine is, and how it is asked.
package struct EngineTarget: Sendable {
  /// The URL before `/api/v1`.
  package var target: TargetURL
  /// What proves who asks; nil for what the URL carries, or nothing.
  package var credentials: Credentials?
  /// How long one answer may take, in seconds of real time.
  package var timeout: Double

  /// An engine to ask.
  package init(_ target: TargetURL, credentials: Credentials? = nil, timeout: Double = 10) {
    self.target = target
    self.credentials = credentials
    self.timeout = timeout
  }
}

/// Asks a Prometheus, a VictoriaMetrics, or what else speaks the Prometheus HTTP API.
package struct EngineClient: Sendable {
  /// Which engine.
  package let engine: EngineTarget
  private let fetcher: HTTPFetcher

  /// A client of one engine.
  package init(_ engine: EngineTarget, fetcher: HTTPFetcher) {
    self.engine = engine
    self.fetcher = fetcher
  }

  /// A query at one moment.
  /// - Parameter time: seconds since 1970 by the engine's clock; nil for its now.
  package func query(_ expression: String, at time: Double? = nil) async throws(EngineTrouble) -> EngineResult {
    let answer = try await ask("query", Self.common + [("query", expression)] + (time.map { [("time", Self.text($0))] } ?? []))
    return try EngineAnswer.result(status: answer.status, body: answer.body)
  }

  /// A query in steps; asked in parts where the engine would refuse the whole.
  package func range(_ expression: String, over span: EngineSpan) async throws(EngineTrouble) -> EngineResult {
    var whole = EngineResult()
    var places: [[String: String]: Int] = [:]
    for part in span.parts() {
      let answer = try await ask(
        "query_range",
        Self.common + [
          ("query", expression), ("start", Self.text(part.start)), ("end", Self.text(part.end)), ("step", Self.text(part.step)),
        ])
      let result = try EngineAnswer.result(status: answer.status, body: answer.body)
      whole.isPartial = whole.isPartial || result.isPartial
      whole.leftOut = max(whole.leftOut, result.leftOut)
      for warning in result.warnings where !whole.warnings.contains(warning) { whole.warnings.append(warning) }
      for series in result.series {
        if let place = places[series.labels] {
          whole.series[place].points += series.points
        } else {
          places[series.labels] = whole.series.count
          whole.series.append(series)
        }
      }
    }
    return whole
  }

  /// The values of a label, of all series or of those that fit a selector.
  package func values(of label: String, matching selector: String? = nil) async throws(EngineTrouble) -> [String] {
    let answer = try await ask("label/\(label)/values", selector.map { [("match[]", $0)] } ?? [])
    return try EngineAnswer.values(status: answer.status, body: answer.body)
  }

  /// The alerts that fire or may soon.
  package func alerts() async throws(EngineTrouble) -> [EngineAlert] {
    let answer = try await ask("alerts", [])
    return try EngineAnswer.alerts(status: answer.status, body: answer.body)
  }

  /// The families that any target declares.
  package func families() async throws(EngineTrouble) -> Set<String> {
    let answer = try await ask("metadata", [("limit_per_metric", "1")])
    return try EngineAnswer.families(status: answer.status, body: answer.body)
  }

  /// VictoriaMetrics hides the newest 30 s and keeps answers unless it is told otherwise (docs, `-search.latencyOffset`, `nocache`);
  /// Prometheus ignores what it does not know.
  private static let common = [("latency_offset", "1ms"), ("nocache", "1")]

  private func ask(_ route: String, _ query: [(String, String)]) async throws(EngineTrouble) -> HTTPAnswer {
    let target = engine.target.appending(path: "api/v1/\(route)").adding(query: query.map { (name: $0.0, value: $0.1) })
    let request = FetchRequest(
      target, credentials: engine.credentials ?? engine.target.embeddedCredentials, timeoutSeconds: engine.timeout,
      bodyLimit: HTTPFetcher.maximumBodyBytes, overflow: .fail, accept: "application/json")
    do throws(FetchFailure) { return try await fetcher.get(request) } catch {
      switch error {
      case .cancelled: throw .cancelled
      case .timedOut, .incomplete: throw .slow(seconds: engine.timeout)
      case .ownShortage(let reason), .other(let reason): throw .unreachable(reason)
      }
    }
  }

  /// Seconds with milliseconds: no exponent, which older engines do not read.
  private static func text(_ seconds: Double) -> String { NumberText.rounded(seconds, 3) }
}
