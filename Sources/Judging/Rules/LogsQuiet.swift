import Events
import RunModel

/// No log line above a level, but for lines that contain an allowed text.
struct LogsQuiet: Rule {
  private static let above = RuleField.word("above", LogLevel.self, .required, "the gravest level that a line may have")

  static let name = "logs-quiet"
  static let summary = "No log line is above a level, but for lines that contain one of some texts."
  static let fields = [
    above,
    RuleField("allow", .texts, .value(.texts([])), "texts that excuse a line, of 3 bytes at least, without regard to case"),
    RuleField("services", .texts, .otherwise("every service"), "whose logs are meant"),
  ]
  static let witnesses: [Witness] = [.logs]
  static let floor = "a line of each service named, or of any; no line lost"

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
    var hears: EventKinds { .logLines }
    let level: LogLevel
    /// In lower case.
    let allowed: [String]
    let services: [ServiceName]
    private var lines = 0
    private var loud = 0
    private var excused = 0

    init(level: LogLevel, allowed: [String], services: [ServiceName]) {
      self.level = level
      self.allowed = allowed
      self.services = services
    }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      guard case .logLines(let new) = event.envelope.event else { return }
      for line in new where (services.isEmpty || services.contains(line.service)) && file.context.isOfRun(line, event.envelope) {
        lines += 1
        guard let grade = line.level, grade > level else { continue }
        let text = line.text.lowercased()
        if allowed.contains(where: { text.contains($0) }) {
          excused += 1
          continue
        }
        loud += 1
        file.cite(event, "\(line.service) \(grade.rawValue): \(line.text.prefix(300))")
      }
      guard loud > 0 else { return file.note("\(Figure.count(lines, "line")) read, \(excused) of them allowed") }
      file.violate("\(Figure.count(loud, "line")) above \(level.rawValue)")
    }

    mutating func finish(_ file: inout CaseFile) {
      let silent = services.filter { (file.context.logs[$0]?.lines ?? 0) == 0 }
      if lines == 0 || !silent.isEmpty {
        return file.leave("no log of \(silent.isEmpty ? "any service" : silent.map(\.text).joined(separator: ", ")) was read")
      }
      let logs = file.context.logs
      let meant = services.isEmpty ? file.context.logs.keys.sorted() : services
      let unread = meant.compactMap { logs[$0]?.loss }.first
      file.meet("\(Figure.count(lines, "line")) read, \(excused) above \(level.rawValue) and allowed", unless: unread.map { file.context.ignorance(of: [$0]) ?? Ignorance($0.reason) })
    }
  }
}
