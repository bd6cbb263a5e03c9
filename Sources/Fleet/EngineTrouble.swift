import WireFormats

/// Why an engine did not answer what it was asked, in words for people. It says nothing of any worker.
package enum EngineTrouble: Error, Hashable, Sendable, CustomStringConvertible {
  /// No whole answer in time; the limit in seconds.
  case slow(seconds: Double)
  /// No connection, one that broke, or more than is read; the reason in words.
  case unreachable(String)
  /// It wants credentials, or others.
  case denied(status: Int)
  /// There is no such route.
  case noAPI(status: Int)
  /// It could not or would not compute the query: 400 and 422; what it says itself, from outside.
  case refused(status: Int, words: String)
  /// It is overloaded or starting: 503 and its like; what it says itself, from outside.
  case busy(status: Int, words: String)
  /// The answer is no JSON, or not that of the API; what is wrong there.
  case unreadable(String)
  /// The answer ended before it was complete.
  case half
  /// The asking task was cancelled; nobody needs to be told.
  case cancelled

  /// One clause, without the engine's name: `did not answer within 10 s`.
  package var description: String {
    switch self {
    case .slow(let seconds):
      "did not answer within \(NumberText.rounded(seconds, 1)) s: give it longer with --timeout, or ask less with --match"
    case .unreachable(let reason): "gave no whole answer: \(reason)"
    case .denied(let status): "wants other credentials (HTTP \(status)): give --credentials prometheus=bearer:env:VAR or its like"
    case .noAPI(let status): "has no Prometheus API there (HTTP \(status)): give the URL that stands before /api/v1"
    case .refused(let status, let words): "does not compute the query (HTTP \(status))\(Self.said(words))"
    case .busy(let status, let words): "cannot answer now (HTTP \(status))\(Self.said(words))"
    case .unreadable(let reason): "answers something that is no Prometheus API: \(reason)"
    case .half: "sent half an answer: it ended before it was complete"
    case .cancelled: "was not asked to the end"
    }
  }

  private static func said(_ words: String) -> String { words.isEmpty ? "" : ": \(words)" }

  /// What an engine says itself: its first line, at most 200 letters of it.
  package static func clipped(_ words: String) -> String {
    let line = words.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    return line.count > 200 ? line.prefix(200) + "…" : line
  }
}
