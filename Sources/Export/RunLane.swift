import Events
import RunModel
import SpeechProtocol

/// One thing that is in one state after the other: a band of the page, a track of a trace.
package struct RunLane: Hashable, Sendable {
  /// A state, from then to then.
  package struct Span: Hashable, Sendable {
    /// When it began.
    package var from: RunInstant
    /// When it ended; at the end of the run where it lasts.
    package var to: RunInstant
    /// The state in words; may carry text from outside, not escaped.
    package var word: String
    /// How good it is.
    package var severity: EventRow.Severity
  }

  /// What is in these states; may carry text from outside, not escaped.
  package var name: String
  /// The states, in order of time.
  package var spans: [Span]
}

extension ExportedRun {
  /// Every lane of the run that something is known of.
  package var lanes: [RunLane] {
    [faultLane, breakerLane, reconnectionLane, backpressureLane].filter { !$0.spans.isEmpty } + healthLanes
  }

  private var faultLane: RunLane {
    RunLane(
      name: "faults",
      spans: state.faults.map {
        RunLane.Span(from: $0.began, to: $0.ended ?? state.now, word: "\($0.kind) \($0.detail)", severity: .warning)
      })
  }

  private var breakerLane: RunLane {
    following(state.breaker.entries.map { ($0.at, $0.transition.state.rawValue, $0.transition.severity) }, named: "breaker")
  }

  private var reconnectionLane: RunLane {
    let spans = state.reconnection.episodes.map { episode in
      let end = episode.backAt ?? episode.gaveUpAt ?? episode.restartedAt ?? state.now
      let result =
        episode.backAt != nil
        ? "back" : episode.gaveUpAt != nil ? "gave up" : episode.restartedAt != nil ? "restarted" : "not back"
      return RunLane.Span(
        from: episode.lostAt, to: max(end, episode.lostAt), word: "lost, \(Figure.count(episode.attempts.count, "attempt")), \(result)",
        severity: episode.backAt == nil ? .bad : .warning)
    }
    return RunLane(name: "connection", spans: Array(spans))
  }

  private var backpressureLane: RunLane {
    let spans = state.backpressure.entries.filter { $0.event.action != .none }.map {
      RunLane.Span(
        from: $0.at, to: $0.ended ?? state.now, word: $0.event.action.rawValue, severity: $0.event.action == .pause ? .bad : .warning)
    }
    return RunLane(name: "backpressure", spans: spans)
  }

  private var healthLanes: [RunLane] {
    health.sorted { $0.key < $1.key }.map { service, changes in
      following(
        changes.map { change in
          switch change.value {
          case true?: (change.at, "healthy", EventRow.Severity.good)
          case false?: (change.at, "not healthy", .bad)
          case nil: (change.at, "not known", .info)
          }
        }, named: "health of \(service.text)")
    }
  }

  /// States each of which lasts until the next begins.
  private func following(_ changes: some Sequence<(RunInstant, String, EventRow.Severity)>, named name: String) -> RunLane {
    var spans: [RunLane.Span] = []
    for (at, word, severity) in changes {
      if let last = spans.indices.last { spans[last].to = max(at, spans[last].from) }
      spans.append(RunLane.Span(from: at, to: max(at, state.now), word: word, severity: severity))
    }
    return RunLane(name: name, spans: spans)
  }
}
