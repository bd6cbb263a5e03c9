import Contracts
import Events
import WireFormats

/// Makes a contract of a YAML document.
struct ContractReader {
  private static let fields = [
    "name", "extends", "summary", "worker_service", "endpoints", "signals", "breaker_encoding", "log_format", "log_keys", "log_time_zone",
    "unmatched", "log_templates", "thresholds", "hidden_suffixes", "good_words",
    "without_signals", "breaker_words",
  ]

  /// What lines are that no template fits.
  private enum Unmatched: String, CaseIterable {
    /// Of a log that may not be this contract's at all.
    case unknown
    /// As many as there are: a log of such lines is understood as far as their form can be read.
    case expected
  }

  let reader: NodeReader

  /// Reads a document; a contract that extends another one takes over what it does not say itself.
  static func read(
    _ document: YAMLNode, file: String, builtIn: (String) -> Contract?
  ) throws(ConfigurationError) -> Contract {
    let reader = NodeReader(file: file)
    let contract = ContractReader(reader: reader).contract(document, builtIn: builtIn)
    try reader.finish()
    return contract
  }

  private func contract(_ document: YAMLNode, builtIn: (String) -> Contract?) -> Contract {
    let root = NodeReader.Field(path: "", node: document, line: document.mark.line)
    guard case .mapping = document else {
      _ = reader.mapping(root, allowed: Self.fields)
      return Contract(name: "", summary: "")
    }
    let fields = reader.root(document, allowed: Self.fields)
    var base: Contract?
    if let field = fields["extends"], let name = reader.text(field) {
      base = builtIn(name)
      if base == nil {
        let names = BuiltInContracts.files.map(\.name)
        reader.report(field, "unknown contract \"\(name)\"" + NearestWord.hint(name, among: names))
      }
    }
    var own = Contract(
      name: reader.text(reader.required("name", in: fields, of: root)) ?? "unnamed", summary: "", breakerEncoding: [], hiddenSuffixes: [])
    own.summary = reader.text(fields["summary"]) ?? base?.summary ?? ""
    own.workerService = (reader.text(fields["worker_service"]) ?? base?.workerService.text).map { ServiceName($0) } ?? .mediaService
    own.logFormat = reader.word(fields["log_format"], LogFormat.self) ?? base?.logFormat ?? .json
    own.logKeys = fields["log_keys"].map { keys($0, base?.logKeys ?? LogKeys()) } ?? base?.logKeys ?? LogKeys()
    own.logTimeZone = reader.text(fields["log_time_zone"]) ?? base?.logTimeZone ?? "host"
    own.expectsUnmatched = reader.word(fields["unmatched"], Unmatched.self).map { $0 == .expected } ?? base?.expectsUnmatched ?? false
    own.endpoints = elements(fields["endpoints"], endpoint)
    own.signals = elements(fields["signals"], limit: Contract.signalLimit, signal)
    own.logTemplates = elements(fields["log_templates"], template)
    own.breakerWords = fields["breaker_words"].map(breakerWords) ?? base?.breakerWords ?? [:]
    let without = elements(fields["without_signals"]) { field in reader.text(field).map { (field, SignalID($0)) } }
    for (field, signal) in without where base?.signals.contains(where: { $0.signal == signal }) != true {
      let names = base?.signals.map(\.signal.text) ?? []
      reader.report(
        field,
        base == nil
          ? "there is no contract that it is taken from: it belongs to \"extends:\""
          : "\(own.name) extends no signal \"\(signal)\"" + NearestWord.hint(signal.text, among: names))
    }
    own.breakerEncoding = fields["breaker_encoding"].map(encoding) ?? base?.breakerEncoding ?? BreakerCode.dataModel
    own.thresholds = thresholds(fields["thresholds"], base?.thresholds ?? Thresholds())
    own.hiddenSuffixes = fields["hidden_suffixes"].map { elements($0, reader.text) } ?? base?.hiddenSuffixes ?? ["_created"]
    own.goodWords = fields["good_words"].map { elements($0, reader.text) } ?? base?.goodWords ?? HealthWords.usual
    if base == nil, fields["signals"] == nil, reader.problems.isEmpty {
      reader.report(root, "a contract needs signals, or \"extends:\" with the name of another contract")
    }
    // Elements that could not be read were left out, so places would no longer be right.
    if reader.problems.isEmpty { for problem in own.problems() { reader.report(path: problem.path, problem.message) } }
    base?.signals.removeAll { old in without.contains { $0.1 == old.signal } }
    return base.map { merge(own, into: $0) } ?? own
  }

  private func elements<Value>(
    _ field: NodeReader.Field?, limit: Int = 500, _ read: (NodeReader.Field) -> Value?
  ) -> [Value] {
    guard let field, let list = reader.list(field, limit: limit) else { return [] }
    return list.compactMap(read)
  }

  private func merge(_ own: Contract, into base: Contract) -> Contract {
    var merged = own
    merged.endpoints =
      base.endpoints.filter { old in !own.endpoints.contains { $0.service == old.service && $0.kind == old.kind } } + own.endpoints
    merged.signals = base.signals.map { old in own.signals.first { $0.signal == old.signal } ?? old }
    merged.signals += own.signals.filter { new in !base.signals.contains { $0.signal == new.signal } }
    // Templates are made for a format of lines.
    if own.logFormat == base.logFormat { merged.logTemplates += base.logTemplates }
    return merged
  }

  private func endpoint(_ field: NodeReader.Field) -> Endpoint? {
    guard let fields = reader.mapping(field, allowed: ["service", "kind", "url", "health_word"]) else { return nil }
    let service = reader.text(reader.required("service", in: fields, of: field))
    let kind = reader.word(reader.required("kind", in: fields, of: field), Endpoint.Kind.self)
    let url = reader.required("url", in: fields, of: field)
    let address = reader.text(url)
    if let url, let address, let problem = WebAddress.problem(address) { reader.report(url, problem) }
    let word = reader.text(fields["health_word"])
    if let extra = fields["health_word"], let kind, kind != .health { reader.report(extra, "belongs to a health endpoint only") }
    guard let service, let kind, let address else { return nil }
    return Endpoint(service: ServiceName(service), kind: kind, url: address, healthWord: word)
  }

  private func signal(_ field: NodeReader.Field) -> SignalBinding? {
    let allowed = ["signal", "custom", "title", "series", "labels", "kind", "aggregate", "unit", "absent_is_zero", "state_label"]
    guard let fields = reader.mapping(field, allowed: allowed) else { return nil }
    let name = reader.required("signal", in: fields, of: field)
    let text = reader.text(name)
    let isCustom = reader.flag(fields["custom"]) ?? false
    let known = SignalID.known.map(\.text)
    if let name, let text, !isCustom, !known.contains(text) {
      let isNear = NearestWord.find(text, among: known) != nil
      let own = isNear ? "" : "; write \"custom: true\" beside it for one of your own, or the name"
      reader.report(name, "unknown signal \"\(text)\"" + own + NearestWord.hint(text, among: known))
    }
    let series = reader.text(reader.required("series", in: fields, of: field))
    let kind = reader.word(reader.required("kind", in: fields, of: field), SignalBinding.Kind.self)
    let binding = (
      title: reader.text(fields["title"]), labels: reader.texts(fields["labels"]) ?? [:],
      aggregation: reader.word(fields["aggregate"], SignalBinding.Aggregation.self) ?? .single, unit: reader.text(fields["unit"]) ?? "",
      absentIsZero: reader.flag(fields["absent_is_zero"]) ?? false, stateLabel: reader.text(fields["state_label"])
    )
    guard let text, let series, let kind else { return nil }
    return SignalBinding(
      signal: SignalID(text), title: binding.title ?? text, series: series, labels: binding.labels, kind: kind,
      aggregation: binding.aggregation, unit: binding.unit, absentIsZero: binding.absentIsZero, stateLabel: binding.stateLabel)
  }

  private func template(_ field: NodeReader.Field) -> LogTemplate? {
    guard let fields = reader.mapping(field, allowed: Self.templateFields) else { return nil }
    let happening = reader.text(reader.required("happening", in: fields, of: field))
    let pattern = reader.text(reader.required("pattern", in: fields, of: field))
    let rest = (
      logger: reader.text(fields["logger"]), constants: reader.texts(fields["constants"]) ?? [:],
      fields: reader.texts(fields["fields"]) ?? [:], selection: reader.texts(fields["where"]) ?? [:],
      until: reader.text(fields["until"]), level: reader.word(fields["level"], LogLevel.self),
      told: reader.word(fields["told"], LogTemplate.Telling.self) ?? .always
    )
    if rest.told == .atLevel, fields["level"] == nil { reader.report(field, "is told at_level: it needs the level") }
    guard let happening, let pattern else { return nil }
    return LogTemplate(
      happening: happening, pattern: pattern, logger: rest.logger, constants: rest.constants, fields: rest.fields,
      selection: rest.selection, until: rest.until, level: rest.level, told: rest.told)
  }

  private static let templateFields = ["happening", "pattern", "logger", "constants", "fields", "where", "until", "level", "told"]

  private func keys(_ field: NodeReader.Field, _ base: LogKeys) -> LogKeys {
    guard let fields = reader.mapping(field, allowed: ["time", "message", "level", "logger"]) else { return base }
    return LogKeys(
      time: reader.text(fields["time"]) ?? base.time, message: reader.text(fields["message"]) ?? base.message,
      level: reader.text(fields["level"]) ?? base.level, logger: reader.text(fields["logger"]) ?? base.logger)
  }

  private func encoding(_ field: NodeReader.Field) -> [BreakerCode] {
    guard let fields = reader.mapping(field, allowed: nil) else { return [] }
    var codes: [BreakerCode] = []
    for (key, value) in fields {
      let number = Double(key).flatMap { $0.isFinite ? $0 : nil }
      if number == nil { reader.report(value, "\"\(key)\" is no value of a gauge; write the number, then the state: 0: closed") }
      guard let state = reader.word(value, BreakerState.self), let number else { continue }
      codes.append(BreakerCode(value: number, state: state))
    }
    return codes.sorted { $0.value < $1.value }
  }

  private func breakerWords(_ field: NodeReader.Field) -> [String: BreakerState] {
    (reader.mapping(field, allowed: nil) ?? [:]).compactMapValues { reader.word($0, BreakerState.self) }
  }

  private func thresholds(_ field: NodeReader.Field?, _ base: Thresholds) -> Thresholds {
    let allowed = [
      "sync_ms", "sync_share", "breaker_failures", "timeouts_count_as_failures", "breaker_cooldown_s", "max_inflight", "fragment_timeout_s",
      "segment_s", "backoff",
    ]
    guard let field, let fields = reader.mapping(field, allowed: allowed) else { return base }
    return Thresholds(
      syncMilliseconds: seconds(fields["sync_ms"], .milliseconds) ?? base.syncMilliseconds,
      syncShare: reader.number(fields["sync_share"]) ?? base.syncShare,
      breakerFailures: reader.integer(fields["breaker_failures"]) ?? base.breakerFailures,
      timeoutsCountAsFailures: reader.flag(fields["timeouts_count_as_failures"]) ?? base.timeoutsCountAsFailures,
      breakerCooldownSeconds: seconds(fields["breaker_cooldown_s"]) ?? base.breakerCooldownSeconds,
      maxInflight: reader.integer(fields["max_inflight"]) ?? base.maxInflight,
      fragmentTimeoutSeconds: seconds(fields["fragment_timeout_s"]) ?? base.fragmentTimeoutSeconds,
      segmentSeconds: seconds(fields["segment_s"]) ?? base.segmentSeconds, backoff: backoff(fields["backoff"], base.backoff))
  }

  /// A length of time: a number in the field's unit, or text with its own, `2s` or `500ms`.
  private func seconds(_ field: NodeReader.Field?, _ unit: DurationText.Unit = .seconds) -> Double? {
    guard let field, case .scalar(let scalar) = field.node, let seconds = DurationText.seconds(scalar.string) else {
      return reader.number(field)
    }
    return DurationText.value(of: .text(scalar.string), in: unit) ?? seconds
  }

  private func backoff(_ field: NodeReader.Field?, _ base: BackoffSchedule) -> BackoffSchedule {
    let allowed = ["first_delay_s", "factor", "max_attempts", "jitter_s", "tolerance", "longest_delay_s"]
    guard let field, let fields = reader.mapping(field, allowed: allowed) else { return base }
    return BackoffSchedule(
      firstDelaySeconds: seconds(fields["first_delay_s"]) ?? base.firstDelaySeconds,
      factor: reader.number(fields["factor"]) ?? base.factor,
      maximumAttempts: reader.integer(fields["max_attempts"]) ?? base.maximumAttempts,
      jitterSeconds: seconds(fields["jitter_s"]) ?? base.jitterSeconds,
      tolerance: reader.number(fields["tolerance"]) ?? base.tolerance,
      longestDelaySeconds: seconds(fields["longest_delay_s"]) ?? base.longestDelaySeconds)
  }
}
