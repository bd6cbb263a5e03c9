import Contracts
import Events
import RunModel

/// Opens at exactly so many consecutive retryable failures: by the log's own count, and by counting the failures.
struct BreakerOpens: Rule {
  private static let tellers: [HappeningKind] = [.breaker, .breakerState]

  static let name = "breaker-opens"
  static let summary = "The breaker opens at exactly so many failures in a row, by its own count and by counting them."
  static let fields = [
    RuleField("failures", .integer(1...1000, unit: "failures"), .otherwise("the contract's number"), "at how many failures it opens")
  ]
  static let witnesses: [Witness] = [.workerLog(tellers + [.fragmentFailed, .fragmentTimedOut, .fragmentProcessed])]
  static let floor = "an opening with its own count, or one after failures that were seen"

  let failures: Int?

  init(_ values: RuleValues) { failures = values.integer("failures") }

  var sentence: String { "breaker opens at exactly \(failures.map(String.init) ?? "the contract's") failures" }

  func judge() -> any RuleJudge { Judge(wanted: failures) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.fragments, .breaker] }
    let wanted: Int?
    private var failures = 0
    private var longest = 0
    private var hasSeenFailures = false

    init(wanted: Int?) { self.wanted = wanted }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      let needed = wanted ?? file.context.thresholds.breakerFailures
      if let fragment = event.fragment(file.context) {
        if fragment.isCountedFailure(file.context.thresholds) {
          failures += 1
          longest = max(longest, failures)
          hasSeenFailures = true
          file.cite(event, "failure \(failures): \(fragment.sentence)")
          file.note("\(failures) of \(needed) failures")
          if failures > needed { file.violate("\(failures) failures in a row and it has not opened") }
        } else if fragment.stage == .processed {
          failures = 0
        }
      }
      guard let transition = event.transition, transition.state == .open else { return }
      file.cite(event, "opened" + (transition.failureCount.map { " (failure_count \($0))" } ?? ""))
      if let told = transition.failureCount, told != needed {
        file.violate("opened at \(told) failures by its own count, wanted exactly \(needed)")
      } else if hasSeenFailures, failures != needed {
        file.violate("opened after \(Figure.count(failures, "counted failure")), wanted exactly \(needed)")
      } else if !hasSeenFailures, transition.failureCount == nil {
        file.leave("it opened, but neither the transition nor any fragment tells the count of failures")
      } else {
        file.meet("opened at \(needed) failures")
      }
    }

    mutating func finish(_ file: inout CaseFile) {
      file.violateUnlessBlind(BreakerOpens.tellers, "it never opened; the most failures in a row were \(longest)")
    }
  }
}
