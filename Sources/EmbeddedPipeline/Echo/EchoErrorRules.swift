import SpeechProtocol

/// The error rules in force for one session: the first that matches a fragment wins.
struct EchoErrorRules: Sendable {
  private var rules: [(rule: STSErrorRule, left: Int?)] = []

  var count: Int { rules.count }

  /// How often the rules with a limit will still fire; nil without such a rule.
  var shotsLeft: Int? {
    let limited = rules.compactMap(\.left)
    return limited.isEmpty ? nil : limited.reduce(0, +)
  }

  init(_ simulation: STSErrorSimulation? = nil) {
    guard let simulation, simulation.enabled else { return }
    rules = (simulation.rules ?? []).map { ($0, $0.times) }
  }

  /// How the fragment fails; nil when no rule matches. `count`: the how-manieth fragment of the session it is, from 1.
  mutating func failure(for data: STSFragmentData, count: Int) -> STSFragmentError? {
    for index in rules.indices where rules[index].left != 0 && matches(rules[index].rule, data, count) {
      if let left = rules[index].left { rules[index].left = left - 1 }
      let rule = rules[index].rule
      return STSFragmentError(
        code: rule.errorCode, message: rule.errorMessage ?? "simulated \(rule.errorCode)", stage: rule.stage,
        retryable: rule.retryable ?? STSErrorCode(rawValue: rule.errorCode)?.isRetryable ?? false)
    }
    return nil
  }

  private func matches(_ rule: STSErrorRule, _ data: STSFragmentData, _ count: Int) -> Bool {
    switch (rule.trigger, rule.value) {
    case (.sequenceNumber, .number(let number)): data.sequenceNumber == number
    case (.nthFragment, .number(let number)): number > 0 && count % number == 0
    case (.fragmentID, .text(let text)): data.fragmentID == text
    case (.sequenceNumber, .text), (.nthFragment, .text), (.fragmentID, .number): false
    }
  }
}
