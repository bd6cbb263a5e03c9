import WireFormats

extension ScenarioResult {
  /// The exit status that tells how it ended, of a run and of a recording judged again: an environment that could not be had says more than a
  /// verdict.
  package var exitStatus: Int32 {
    switch end {
    case .environmentFailed: ExitStatus.unavailable
    case .judged, .interrupted: hasPassed ? ExitStatus.good : ExitStatus.no
    }
  }
}
