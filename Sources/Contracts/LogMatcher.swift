import Events

/// What became of one line of a log.
package struct LogMatch: Hashable, Sendable {
  /// The line with its level and time.
  package var line: LogLine
  /// Which of the contract's usable templates matched it; nil when none did.
  package var template: Int?
  /// What it tells, in order.
  package var happenings: [Happening]
  /// Whether the contract knows the line as harmless, whatever its level says.
  package var isExpected: Bool
  /// Whether it belongs to the line before it: a traceback, the second line of a message.
  package var isContinuation: Bool
  /// Whether it is a JSON object, without what collectors put around it.
  package var isObject = false
}

/// Reads log lines by a contract: level, time and happenings.
///
/// One matcher serves any number of services; what a line inherits from earlier ones is kept for each service. Its
/// cost is one pass over the bytes of a line, whatever the number of templates; only lines that hold a template's
/// literal text are looked at again.
package struct LogMatcher: Sendable {
  /// The longest excerpt of a line that a happening carries, in bytes.
  static let maximumExcerpt = 2048

  /// An object: a line is tried against several, and what is handed on is one reference.
  final class Compiled: Sendable {
    let kind: HappeningKind
    let line: HappeningKind.Line
    let template: LogTemplate
    let pattern: TemplatePattern
    let logger: [UInt8]?
    let loggerIsPrefix: Bool

    init(_ kind: HappeningKind, _ line: HappeningKind.Line, _ template: LogTemplate, _ pattern: TemplatePattern) {
      self.kind = kind
      self.line = line
      self.template = template
      self.pattern = pattern
      let logger = template.logger.map { Array($0.utf8) }
      loggerIsPrefix = logger?.last == UInt8(ascii: "*")
      self.logger = loggerIsPrefix ? logger.map { Array($0.dropLast()) } : logger
    }
  }

  /// What a line inherits.
  struct Memory: Sendable {
    var level: LogLevel?
    /// What a program printed as it broke down, as long as its lines go on.
    var trace: LogTrace?
    var lastTime: Double?
    var isEnding = false
    /// The attempt that is planned and not known to have been made.
    var plannedAttempt: Int?
    var attempts = 0
    var openFindings: [(id: String, until: HappeningKind)] = []
    var breaker = BreakerState.closed
    var lastBackpressure: (event: BackpressureEvent, template: Int, at: Double?)?
    /// The last fallback told without a segment's number.
    var unnumberedFallback: (template: Int, at: Double?, fragment: FragmentHappening)?
    var lastLifecycle: (lifecycle: ServiceLifecycle, template: Int, at: Double?)?
    var fallbackCause: (reason: String, at: Double?)?
    /// Whether the lines of the log begin with a collector's time.
    var isStamped = false
    /// The entry of a journal's export that is being read.
    var journal = JournalExport()
    /// Pieces of a long line that were read, by the stream they are of.
    var pieces: [UInt8: [UInt8]] = [:]
    /// How many lines told something and had no time, before any line had one.
    var timelessLines = 0
    /// Whether it was said that the times of the log cannot be read.
    var saidTimes = false
  }

  let format: LogFormat
  let keys: LogKeyTable
  let compiled: [Compiled]
  let scanner: LiteralScanner
  var zone: LogTimeZone
  private var memories: [ServiceName: Memory] = [:]
  /// The service whose line was read last; its memory is kept here, not among the others.
  private var lastService: ServiceName?
  private var lastMemory = Memory()
  var candidates: [Int] = []
  /// What the fields of a line are read into; kept for its memory.
  var fields: LogFields?
  /// A moment shortly after what is read now was written: the date of lines that write only the time of day comes from there. Nil where
  /// that is not known; then a line's date is that of the line before.
  package var reference: WallTime?

  /// Templates that cannot be used, with the reason; empty for a contract that was validated.
  package let mistakes: [String]

  /// A matcher for a contract.
  /// - Parameters:
  ///   - contract: its log templates; one whose pattern is wrong is left out and named in `mistakes`.
  ///   - hostUTCOffsetSeconds: the offset east of UTC that `log_time_zone: host` stands for.
  package init(contract: Contract, hostUTCOffsetSeconds: Int) {
    self.init(contract: contract, hostZone: .fixed(secondsEast: hostUTCOffsetSeconds))
  }

  /// A matcher for a contract.
  /// - Parameters:
  ///   - contract: its log templates; one whose pattern is wrong is left out and named in `mistakes`.
  ///   - hostZone: what `log_time_zone: host` stands for.
  package init(contract: Contract, hostZone: LogTimeZone) {
    var compiled: [Compiled] = []
    var mistakes: [String] = []
    for (index, template) in contract.logTemplates.enumerated() {
      guard let kind = HappeningKind.ofLogs(template.happening), let line = kind.line else {
        mistakes.append("log_templates[\(index)].happening: unknown happening \"\(template.happening)\"")
        continue
      }
      do {
        let pattern = try TemplatePattern(template.pattern, ignoresCase: contract.logFormat == .json)
        guard contract.logFormat != .json || pattern.needle(asciiOnly: true).count >= 3 else {
          mistakes.append("log_templates[\(index)].pattern: needs at least 3 plain ASCII characters in a row to look for in JSON")
          continue
        }
        compiled.append(Compiled(kind, line, template, pattern))
      } catch {
        mistakes.append("log_templates[\(index)].pattern: \(error)")
      }
    }
    format = contract.logFormat
    keys = LogKeyTable(contract.logKeys)
    self.compiled = compiled
    self.mistakes = mistakes
    let isJSON = contract.logFormat == .json
    scanner = LiteralScanner(compiled.map { $0.pattern.needle(asciiOnly: isJSON) }, ignoresCase: isJSON)
    zone = LogTimeZone(contract.logTimeZone, host: hostZone) ?? hostZone
  }

  /// Reads one line.
  /// - Parameters:
  ///   - text: the line, without its end.
  ///   - service: the service that wrote it.
  package mutating func match(_ text: String, service: ServiceName) -> LogMatch {
    var text = text
    if service != lastService {
      if let lastService { memories[lastService] = lastMemory }
      lastMemory = memories[service] ?? Memory()
      lastService = service
    }
    // Taken out while it changes, so that nothing of it is copied.
    var memory = Memory()
    swap(&memory, &lastMemory)
    let result = text.withUTF8 { bytes in read(bytes, service: service, memory: &memory) }
    lastMemory = memory
    var line = LogLine(
      service: service, text: text, level: result.level, reportedAt: result.time.map(WallTime.init), isMatched: result.isMatched,
      isExpected: result.isExpected)
    line.isForeign = result.isForeign && !result.isMatched
    line.form = result.form
    return LogMatch(
      line: line, template: result.template, happenings: result.happenings, isExpected: result.isExpected,
      isContinuation: result.isContinuation, isObject: result.isObject)
  }
}
