import Events
import RunModel

/// No log line above a level, but for lines that contain an allowed text.
struct LogsQuiet: Rule {
  private static let above = RuleField.word("above", LogLevel.self, .required, "the gravest level that a line may have")

  static let name = "logs-quiet"
  static let summary = "No log line is above a level, but for lines that the contract expects or that contain one of some texts."
  static let fields = [
    above,
    RuleField("allow", .texts, .value(.texts([])), "texts that excuse a line, of 3 bytes at least, without regard to case"),
    RuleField("services", .texts, .otherwise("every service"), "whose logs are meant"),
  ]
  static let witnesses: [Witness] = [.logs]
  static let floor =
    "a line of each service named; where none is, of any, and of the worker if its log is read; a level in each log that is read; no line lost"

  let level: LogLevel
  let allowed: [String]
  let services: [ServiceName]

  init(_ values: RuleValues) throws(RuleMistake) {
    level = try values.word(Self.above)
    allowed = values.texts("allow")
    services = values.texts("services").map { ServiceName($0) }
    if let index = allowed.firstIndex(where: { $0.utf8.count < 3 }) {
      throw RuleMistake("is shorter than 3 bytes: it would excuse too much", in: "allow[\(index)]")
    }
  }

  var sentence: String { "no log line above \(level.rawValue)" }

  func judge() -> any RuleJudge { Judge(level: level, allowed: allowed.map { $0.lowercased() }, services: services) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.logLines, EventKinds(.others)] }
    let level: LogLevel
    /// In lower case.
    let allowed: [String]
    let services: [ServiceName]
    /// How many lines of each service were read, and how many of them say their level.
    private var heard: [ServiceName: (lines: Int, graded: Int)] = [:]
    private var loud = 0
    private var excused = 0
    /// Above the level, and known from healthy services.
    private var expected = 0
    /// Above the level, with a text that is not the one that was written: an allowed one may have stood there.
    private var textless = 0
    /// Services whose lines were read again, and not all of the loud ones are known.
    private var forgotten: Set<ServiceName> = []

    init(level: LogLevel, allowed: [String], services: [ServiceName]) {
      self.level = level
      self.allowed = allowed
      self.services = services
    }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      guard case .logLines(let new) = event.envelope.event else {
        if let happening = event.happening, case .logReadAgain(let reading) = happening.kind {
          note(reading, of: happening.service, event, &file)
        }
        return
      }
      for line in new where (services.isEmpty || services.contains(line.service)) && file.context.isOfRun(line, event.envelope) {
        guard heard.count < 256 || heard[line.service] != nil else { continue }
        heard[line.service, default: (0, 0)].lines += 1
        guard let grade = line.level else { continue }
        heard[line.service, default: (0, 0)].graded += 1
        guard grade > level else { continue }
        if line.isExpected {
          expected += 1
          continue
        }
        blame(line.text, grade, of: line.service, lacksText: line.lacksText, event, &file)
      }
      say(&file)
    }

    /// Lines that are not told once more themselves: another contract, or the first one, says which of them are loud.
    private mutating func note(_ reading: LogReading, of service: ServiceName, _ event: JudgedEvent, _ file: inout CaseFile) {
      guard services.isEmpty || services.contains(service), heard.count < 256 || heard[service] != nil else { return }
      guard let found = reading.found else {
        forgotten.insert(service)
        return
      }
      if reading.isFirst != true, reading.lines > 0 { heard[service, default: (0, 0)].lines += reading.lines }
      if found.graded > 0 { heard[service, default: (0, 0)].graded += found.graded }
      // Of what is said below a warning, only the number is kept.
      if found.omitted > 0 || (level < .info && found.graded > 0) { forgotten.insert(service) }
      for line in found.loud where line.level > level {
        guard let isOfRun = file.context.isOfRun(line) else {
          forgotten.insert(service)
          continue
        }
        if isOfRun { blame(line.text, line.level, of: service, lacksText: line.text.isEmpty, event, &file) }
      }
      say(&file)
    }

    private mutating func blame(
      _ text: String, _ grade: LogLevel, of service: ServiceName, lacksText: Bool, _ event: JudgedEvent, _ file: inout CaseFile
    ) {
      // The text that was written is not known: an allowed one may have stood there.
      if lacksText, !allowed.isEmpty {
        textless += 1
        return
      }
      let small = text.lowercased()
      if allowed.contains(where: { small.contains($0) }) {
        excused += 1
        return
      }
      loud += 1
      file.cite(event, "\(service) \(grade.rawValue): \(text.isEmpty && lacksText ? "its text was left out" : text.prefix(300))")
    }

    private func say(_ file: inout CaseFile) {
      guard loud > 0 else { return file.note(told) }
      file.violate("\(Figure.count(loud, "line")) above \(level.rawValue)")
    }

    /// "120 lines read, 18 above warning: 18 expected by the contract, 0 allowed".
    private var told: String {
      let lines = Figure.count(heard.values.reduce(0) { $0 + $1.lines }, "line")
      guard expected + excused > 0 else { return "\(lines) read, none above \(level.rawValue)" }
      return "\(lines) read, \(expected + excused) above \(level.rawValue): \(expected) expected by the contract, \(excused) allowed"
    }

    mutating func finish(_ file: inout CaseFile) {
      if textless > 0 {
        return file.leave(
          "log texts were left out or masked when the run was recorded: whether \(Figure.count(textless, "line")) above \(level.rawValue) "
            + "\(textless == 1 ? "is" : "are") allowed is not known")
      }
      // The worker's log has a rhythm: that nothing is in it is no quiet. Where services are meant, these are.
      let worker = file.context.worker
      let meant = services.isEmpty && file.context.logs[worker] != nil ? [worker] : services
      let silent = meant.filter { heard[$0] == nil }
      if heard.isEmpty || !silent.isEmpty {
        return file.leave("no log of \(silent.isEmpty ? "any service" : Self.list(silent)) was read in the run")
      }
      let ungraded = heard.filter { $0.value.graded == 0 }.keys.sorted()
      guard ungraded.isEmpty else { return file.leave("no line of \(Self.list(ungraded)) carries a level") }
      guard forgotten.isEmpty else {
        let whose = "of the log of \(Self.list(forgotten.sorted()))"
        return file.leave("lines \(whose) were read before the contract was known, and which of them are loud is no longer known")
      }
      let logs = file.context.logs
      let lost = (services.isEmpty ? logs.keys.sorted() : services).compactMap { logs[$0]?.loss }
      for service in services.isEmpty ? logs.keys.sorted() : services {
        guard let log = logs[service], !log.isAtRest else { continue }
        if let trouble = log.trouble { return file.leave("the log of \(service) cannot be read: \(trouble)") }
        if let unread = log.unreadBytes { return file.leave("\(Figure.bytes(unread)) of the log of \(service) were not read yet") }
      }
      // Where the worker's log goes silent, so would what is loud in it.
      let silence = heard[worker] == nil ? nil : file.context.unread(worker)
      file.meet(told, unless: file.context.ignorance(of: lost) ?? silence)
    }

    private static func list(_ services: [ServiceName]) -> String {
      services.prefix(6).map(\.text).joined(separator: ", ") + (services.count > 6 ? " and \(services.count - 6) more" : "")
    }
  }
}
