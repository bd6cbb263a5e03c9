import Events
import Judging
import RunModel

extension ScenarioResult {
  /// How a recorded run ended, by what it holds.
  /// - Parameters:
  ///   - run: its state at its end, or as it was judged.
  ///   - scenario: what it was judged by, where that was not its own.
  ///   - name: what its own is called.
  ///   - missing: what of it is lost, as a sentence; nil for nothing.
  package init(recorded run: RunState, judgedBy scenario: Scenario? = nil, named name: String, missing: String?) {
    let end: End
    if run.verdict.isClosed {
      end = .judged
    } else if let reason = run.environmentFailure {
      end = .environmentFailed(reason: reason)
    } else {
      end = .interrupted
    }
    let own = Scenario(
      name: name, sentence: "", expectations: run.description?.expectations ?? [], timeLimitSeconds: 0,
      expectedSeconds: run.description?.expectedSeconds ?? 0)
    self.init(scenario: scenario ?? own, end: end, run: run, seconds: run.now.seconds(since: run.verdict.beganAt ?? .zero))
    self.missing = missing
  }
}
