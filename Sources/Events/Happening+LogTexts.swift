extension Happening {
  /// What is left of it where no text of a log may be kept: without its line, and where it was read from one without the free words that it
  /// took from there. Identifiers, numbers and words of closed lists stay: they are what rules count.
  package var withoutLogTexts: Happening {
    guard line != nil else { return self }
    var bare = self
    bare.line = nil
    bare.kind = kind.withoutFreeWords
    return bare
  }
}

extension Happening.Kind {
  private static let leftOut = "its text was left out"

  fileprivate var withoutFreeWords: Happening.Kind {
    switch self {
    case .speechDisconnected: return .speechDisconnected(reason: nil)
    case .note: return .note(Self.leftOut)
    case .finding(var finding):
      finding.text = Self.leftOut
      return .finding(finding)
    case .lifecycle(.restarted): return .lifecycle(.restarted(evidence: "its log says so"))
    case .lifecycle(.exited(let status, _)): return .lifecycle(.exited(status: status, reason: "its log says so"))
    case .fragment(var fragment):
      // A word of a closed list is no text: without it nothing could be told apart.
      let words = descriptor.counting?.words ?? []
      if let detail = fragment.detail, !words.contains(detail) { fragment.detail = nil }
      return .fragment(fragment)
    case .breaker, .backpressure, .speechConnected, .sessionOpened, .reconnectionPlanned, .reconnectionAttempt, .reconnectionGaveUp,
      .segment, .syncClaim, .lifecycle(.started), .lifecycle(.stopped), .fault, .environment, .publisher, .stream, .mark, .linesLost,
      .logReadAgain, .scenario, .runEnded:
      return self
    }
  }
}
