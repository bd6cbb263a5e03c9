import Events
import PrometheusText
import WireFormats

extension ContractCheck {
  /// Takes in the lines of a log: how often each template matches, what cannot be read, and what the log says of the breaker
  /// beside the gauge of the scrape.
  package mutating func read(lines: some Sequence<String>, contract: Contract, scrape: Scrape? = nil, others: [Contract] = []) {
    var whole = LogMatcher(contract: contract, hostUTCOffsetSeconds: 0)
    var counts = [Int](repeating: 0, count: contract.logTemplates.count)
    var unreadable = 0
    var state: BreakerState?
    for line in lines {
      lineCount += 1
      let match = whole.match(line, service: contract.workerService)
      if let index = match.template, index < counts.count { counts[index] += 1 }
      if !match.line.isMatched, !match.isExpected, !match.isContinuation { unknownLineCount += 1 }
      for happening in match.happenings {
        switch happening.kind {
        case .breaker(let transition): state = transition.state
        case .fragment(let fragment) where fragment.detail == "circuit_open": state = .open
        case .finding(let finding) where finding.id == "log-line-not-json" || finding.id == "log-line-unreadable": unreadable += 1
        default: break
        }
      }
    }
    logRows = zip(contract.logTemplates, counts).map { LogRow(happening: $0.happening, pattern: $0.pattern, lines: $1) }
    if unreadable > 0 { remarks.append("\(unreadable) of \(lineCount) log lines cannot be read as the contract has them") }
    if let state, let scrape { compareBreaker(log: state, contract, scrape, others) }
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
