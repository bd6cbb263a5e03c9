import Events

extension FaultDesk {
  /// Plays a script and says when it is over; returns early when cancelled. A fault that cannot be done is said, and the script goes on.
  package func play(_ script: FaultScript) async {
    let origin = clock.now()
    var acts = Array(script.acts.enumerated())[...]
    do {
      for step in script.steps {
        try await tell(&acts, of: script, until: step.at, since: origin)
        try await wait(until: step.at, since: origin)
        try? await inject(step.fault)
      }
      try await tell(&acts, of: script, until: script.seconds, since: origin)
      try await wait(until: script.seconds, since: origin)
    } catch { return }
    await emit(.runEnded(reason: script.end), "dubwatch")
  }

  /// Tells of each act that begins up to a moment, when it begins: an act before the fault that it tells of.
  private func tell(
    _ acts: inout ArraySlice<(offset: Int, element: StoryAct)>, of script: FaultScript, until seconds: Double, since origin: RunInstant
  ) async throws {
    while let act = acts.first, act.element.at <= seconds {
      try await wait(until: act.element.at, since: origin)
      await emit(
        .note(act.element.sentence(number: act.offset + 1, of: script.acts.count, speed: clock.speed)), "dubwatch")
      acts = acts.dropFirst()
    }
  }

  private func wait(until seconds: Double, since origin: RunInstant) async throws {
    try await clock.sleep(seconds: origin.advanced(bySeconds: seconds).seconds(since: clock.now()))
  }
}
