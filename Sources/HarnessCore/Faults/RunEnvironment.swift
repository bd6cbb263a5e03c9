import Events

/// Where a scenario runs, and what cannot be done there whatever is started.
package enum RunEnvironment: String, Sendable, CaseIterable {
  /// The stand-ins in this process.
  case embedded
  /// A compose project of ours.
  case compose
  /// What somebody else runs.
  case attach

  /// Why a fault cannot be done there, in a few words; nil when it can, as far as can be told before anything is started.
  /// - Parameter publishes: whether dubwatch publishes the test stream there.
  package func obstacle(to request: FaultRequest, publishes: Bool) -> String? {
    do { return lacks(try Fault(request).kind.means, publishes: publishes) } catch { return error.description }
  }

  /// Why nobody there can do what these means do; nil when somebody can.
  func lacks(_ means: FaultKind.Means, publishes: Bool) -> String? {
    switch (means, self) {
    case (.speech, _), (.worker, _), (.workerProcess, .embedded), (.containers, .compose), (.publisher, .embedded): nil
    case (.workerProcess, .compose): "use \(FaultKind.containerKill.id)"
    case (.containers, .embedded): "it has no containers; use --env compose"
    case (.workerProcess, .attach), (.containers, .attach): "what dubwatch did not start it does not stop"
    case (.publisher, .compose), (.publisher, .attach): publishes ? nil : "nothing is published without --publish URL"
    }
  }
}
