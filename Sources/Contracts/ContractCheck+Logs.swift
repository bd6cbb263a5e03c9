import Events
import PrometheusText
import WireFormats

extension ContractCheck {
  /// Takes in the lines of a log: how often each template matches, what cannot be read, and what the log says of the breaker
  /// beside the gauge of the scrape.
  /// - Parameter reference: a moment shortly after the log was written, which dates lines of only a time of day; nil where none is known.
  package mutating func read(
    lines: some Sequence<String>, contract: Contract, scrape: Scrape? = nil, others: [Contract] = [], reference: WallTime? = nil
  ) {
    var whole = LogMatcher(contract: contract, hostUTCOffsetSeconds: 0)
    whole.reference = reference
    var counts = [Int](repeating: 0, count: contract.logTemplates.count)
    var unreadable = 0
    var state: BreakerState?
    var first: LogLine?
    var isKnown = false
    var hasForm = false
    for line in lines {
      lineCount += 1
      let match = whole.match(line, service: contract.workerService)
      if first == nil, !match.line.text.allSatisfy(\.isWhitespace) { first = match.line }
      if let index = match.template, index < counts.count { counts[index] += 1 }
      var isUnreadable = false
      for happening in match.happenings {
        switch happening.kind {
        case .breaker(let transition): state = transition.state
        case .fragment(let fragment) where fragment.detail == "circuit_open": state = .open
        case .finding(let finding) where finding.id == "log-line-not-json" || finding.id == "log-line-unreadable": isUnreadable = true
        case .finding(let finding) where finding.id == LogMatcher.timesFinding(contract.workerService): remarks.append(finding.text)
        default: break
        }
      }
      if isUnreadable { unreadable += 1 }
      if !match.line.isForeign, match.line.level != nil, match.line.reportedAt != nil { hasForm = true }
      // The second line of a message is as well known as its first.
      if !match.isContinuation { isKnown = (match.line.isMatched || match.isExpected) && !isUnreadable }
      if !isKnown { unknownLineCount += 1 }
    }
    logRows = zip(contract.logTemplates, counts).map { LogRow(happening: $0.happening, pattern: $0.pattern, lines: $1) }
    if unreadable > 0 { remarks.append("\(unreadable) of \(lineCount) log lines cannot be read as the contract has them") }
    if unknownLineCount == lineCount, !(contract.expectsUnmatched && hasForm) { remarks.append(nothing(contract, first, hasForm)) }
    if let state, let scrape { compareBreaker(log: state, contract, scrape, others) }
  }

  /// That no line of the log is understood, and what to look at.
  private func nothing(_ contract: Contract, _ first: LogLine?, _ hasForm: Bool) -> String {
    guard let first else { return "no log line was read: nothing of the log is known" }
    let why =
      hasForm
      ? "their time and level are read, but no log_template of \(contract.name) fits their words"
      : "they are not built as log_format: \(contract.logFormat.rawValue) has it"
    return "not one of \(Figure.count(lineCount, "log line")) is understood: \(why); the first is \"\(first.text.prefix(160))\""
  }

  /// A scrape is taken after the log was written: its gauge shows the state that the log ends with.
  private mutating func compareBreaker(log: BreakerState, _ contract: Contract, _ scrape: Scrape, _ others: [Contract]) {
    var resolver = SignalResolver(contract: contract)
    guard let code = resolver.resolve(scrape)[.breakerState]?.number, let gauge = contract.breakerState(code: code), gauge != log else {
      return
    }
    let sentence =
      "the breaker's gauge is \(NumberText.shortest(code)), which contract \(contract.name) reads as \(gauge.rawValue), but the log ends with \(log.rawValue)"
    if let other = others.first(where: { $0.name != contract.name && $0.breakerState(code: code) == log }) {
      remarks.append("\(sentence): the encoding is swapped, as in contract \(other.name)")
      if let index = rows.firstIndex(where: { $0.signal == .breakerState && $0.fit == .same }) {
        rows[index].fit = .otherEncoding
        rows[index].found = "\(NumberText.shortest(code)) means \(log.rawValue), as contract \(other.name) has it"
      }
    } else {
      remarks.append(sentence)
    }
  }
}
