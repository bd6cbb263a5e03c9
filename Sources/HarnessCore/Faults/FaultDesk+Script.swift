import Events

extension FaultDesk {
  /// Plays a script and says when it is over; returns early when cancelled. A fault that cannot be done is said, and the script goes on.
  package func play(_ script: FaultScript) async {
    let origin = clock.now()
    for step in script.steps {
      do { try await clock.sleep(seconds: origin.advanced(bySeconds: step.at).seconds(since: clock.now())) } catch { return }
      try? await inject(step.fault)
    }
    do { try await clock.sleep(seconds: origin.advanced(bySeconds: script.seconds).seconds(since: clock.now())) } catch { return }
    await emit(.runEnded(reason: script.end), "dubwatch")
  }
}
