/// The last complaints of an ffmpeg that runs with `-loglevel level+warning`: errors before warnings, without secrets.
struct FFmpegLog: Sendable {
  /// How many lines are kept.
  static let limit = 3
  private var errors: [String] = []
  /// How many error lines there were.
  private(set) var errorCount = 0
  private var warnings: [String] = []

  /// Takes in a line of its standard error.
  mutating func note(_ line: String) {
    let (level, text) = Self.split(line)
    guard !text.isEmpty else { return }
    let shown = Redaction.redact(String(text.prefix(300)))
    switch level {
    case "warning": Self.keep(shown, in: &warnings)
    case "info", "verbose", "debug", "trace": break
    // A line without a level is a continuation, or comes from a library that knows nothing of levels.
    default:
      errorCount += 1
      Self.keep(shown, in: &errors)
    }
  }

  /// Its last error lines, else its last warnings; nil when there is neither.
  var complaint: String? {
    let lines = errors.isEmpty ? warnings : errors
    return lines.isEmpty ? nil : lines.joined(separator: "; ")
  }

  /// The line that says that the other side broke off, where ffmpeg itself takes it for an end.
  var brokenOff: String? { errors.last { $0.contains("ends prematurely") } }

  private static func keep(_ line: String, in lines: inout [String]) {
    // A message that repeats is told once; a line that only ends another one ("[error] ") was dropped before.
    lines.removeAll { $0 == line }
    lines.append(line)
    if lines.count > limit { lines.removeFirst() }
  }

  /// `[tcp @ 0x55f0] [error] text` as `error` and `text`.
  private static func split(_ line: String) -> (level: String?, text: String) {
    var rest = line[...]
    var level: String?
    while rest.first == "[", let end = rest.firstIndex(of: "]") {
      let word = rest[rest.index(after: rest.startIndex)..<end]
      if levels.contains(String(word)) {
        level = String(word)
      } else if !word.contains(" @ 0x") {
        break
      }
      rest = rest[rest.index(after: end)...].drop { $0 == " " }
    }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return (level, String(rest))
  }

  private static let levels: Set<String> = ["panic", "fatal", "error", "warning", "info", "verbose", "debug", "trace"]
}
