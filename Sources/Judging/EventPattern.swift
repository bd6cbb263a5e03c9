import Contracts
import Events
import SpeechProtocol

/// Which happenings are meant: a kind, and where wanted its word (a fallback's reason, an error's code, an action, a state).
package struct EventPattern: Codable, Hashable, Sendable {
  /// The kinds that can be counted and waited for.
  package enum Name: String, Codable, Hashable, Sendable, CaseIterable {
    case fragmentSent = "fragment-sent"
    case fragmentProcessed = "fragment-processed"
    case fragmentFailed = "fragment-failed"
    case fragmentTimedOut = "fragment-timed-out"
    case fragmentFallback = "fragment-fallback"
    case segmentOut = "segment-out"
    case backpressure
    case breaker
    case speechConnected = "speech-connected"
    case speechDisconnected = "speech-disconnected"
    case sessionOpened = "session-opened"
    case reconnectionAttempt = "reconnection-attempt"
    case reconnectionGaveUp = "reconnection-gave-up"
    case publisherFinished = "publisher-finished"
    case serviceExited = "service-exited"
    case faultEnded = "fault-ended"

    /// The words that happenings of this kind carry, none where they carry none; nil where they are free, as a service's name is.
    package var details: [String]? {
      switch self {
      case .fragmentSent, .fragmentTimedOut, .speechConnected, .sessionOpened, .reconnectionGaveUp, .publisherFinished: []
      case .fragmentProcessed: STSFragmentStatus.allCases.map(\.rawValue).filter { $0 != STSFragmentStatus.failed.rawValue }
      // Of an answer that names no code the status is all that is known.
      case .fragmentFailed: STSErrorCode.allCases.map(\.rawValue) + [STSFragmentStatus.failed.rawValue, "error"]
      case .fragmentFallback: ["timeout", "error", "circuit_open"]
      case .segmentOut: ["dubbed", "original"]
      case .backpressure: BackpressureAction.allCases.map(\.rawValue)
      case .breaker: BreakerState.allCases.map(\.rawValue)
      case .reconnectionAttempt: ["success", "failure"]
      case .faultEnded: FaultKind.words.sorted()
      case .speechDisconnected, .serviceExited: nil
      }
    }
  }

  /// The kind.
  package var name: Name
  /// The word it must carry; nil for any.
  package var detail: String?

  /// A kind of happening, with its word where wanted.
  package init(_ name: Name, detail: String? = nil) {
    self.name = name
    self.detail = detail
  }

  /// Whether a happening is one of these.
  package func matches(_ happening: Happening) -> Bool {
    guard let word = word(of: happening) else { return false }
    return detail == nil || detail == word
  }

  /// The word of a happening of this kind, empty where it has none; nil for other kinds.
  private func word(of happening: Happening) -> String? {
    switch (name, happening.kind) {
    case (.fragmentSent, .fragment(let fragment)): fragment.stage == .sent ? "" : nil
    case (.fragmentProcessed, .fragment(let fragment)): fragment.stage == .processed ? fragment.detail ?? "" : nil
    case (.fragmentFailed, .fragment(let fragment)): fragment.stage == .failed ? fragment.detail ?? "" : nil
    case (.fragmentTimedOut, .fragment(let fragment)): fragment.stage == .timedOut ? "" : nil
    case (.fragmentFallback, .fragment(let fragment)): fragment.stage == .fallback ? fragment.detail ?? "" : nil
    case (.segmentOut, .segment(let segment)):
      segment.direction == .output ? segment.isDubbed.map { $0 ? "dubbed" : "original" } ?? "" : nil
    case (.backpressure, .backpressure(let event)): event.action.rawValue
    case (.breaker, .breaker(let transition)): transition.state.rawValue
    case (.speechConnected, .speechConnected): ""
    case (.speechDisconnected, .speechDisconnected(let reason)): reason ?? ""
    case (.sessionOpened, .sessionOpened): ""
    case (.reconnectionAttempt, .reconnectionAttempt(let attempt)): attempt.success.map { $0 ? "success" : "failure" } ?? ""
    case (.reconnectionGaveUp, .reconnectionGaveUp): ""
    case (.publisherFinished, .publisher(.finished)): ""
    case (.serviceExited, .lifecycle(.exited)): happening.service.text
    case (.faultEnded, .fault(let fault)): fault.phase == .ended || fault.phase == .momentary ? fault.kind.replacing(" ", with: "-") : nil
    default: nil
    }
  }

  /// "fragment-fallback (circuit_open)".
  package var sentence: String { name.rawValue + (detail.map { " (\($0))" } ?? "") }

  /// The lines of a contract that can tell it; empty for what dubwatch sees itself.
  var tellers: [HappeningName] {
    switch name {
    case .fragmentSent: [.fragmentSent]
    case .fragmentProcessed: [.fragmentProcessed]
    case .fragmentFailed: [.fragmentProcessed, .fragmentFailed]
    case .fragmentTimedOut: [.fragmentTimedOut]
    case .fragmentFallback: [.fragmentFallback]
    case .segmentOut: [.segmentOut]
    case .backpressure: [.backpressure]
    case .breaker: [.breaker, .breakerState]
    case .speechConnected: [.speechConnected]
    case .speechDisconnected: [.speechDisconnected]
    case .sessionOpened: [.sessionOpened]
    case .reconnectionAttempt: [.reconnectionAttempt]
    case .reconnectionGaveUp: [.reconnectionGaveUp]
    case .publisherFinished, .serviceExited, .faultEnded: []
    }
  }
}
