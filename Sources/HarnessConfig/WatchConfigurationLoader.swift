import Contracts
import Events
import WireFormats

/// Reads the file of `dubwatch watch --config FILE`.
package enum WatchConfigurationLoader {
  /// What a file says.
  /// - Parameters:
  ///   - path: the file's path.
  ///   - commands: the names of the commands whose keys can be set.
  ///   - sources: the fields that name sources.
  /// - Throws: every mistake of the file with its line, its field and the nearest valid word.
  package static func load(
    _ path: String, commands: [String], sources: [SourceField]
  ) throws(ConfigurationError) -> WatchConfiguration {
    try parse(yaml: ConfigurationFile.text(of: path), file: path, commands: commands, sources: sources)
  }

  /// What a YAML text says.
  /// - Parameters:
  ///   - yaml: the text.
  ///   - file: the path of its file, for messages and as the place that other paths start from.
  ///   - commands: the names of the commands whose keys can be set.
  ///   - sources: the fields that name sources.
  package static func parse(
    yaml: String, file: String, commands: [String], sources: [SourceField]
  ) throws(ConfigurationError) -> WatchConfiguration {
    let document = try ConfigurationFile.document(yaml, file: file)
    let reader = NodeReader(file: file)
    let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
    let configuration = WatchReader(reader: reader, folder: folder).configuration(document, commands: commands, sources: sources)
    try reader.finish()
    return configuration
  }
}

struct WatchReader {
  let reader: NodeReader
  /// The folder of the file with its "/", empty for the current one.
  let folder: String

  func configuration(_ document: YAMLNode, commands: [String], sources: [SourceField]) -> WatchConfiguration {
    let allowed =
      ["contract", "log_time_zone"] + sources.map(\.key) + ["intervals", "timeouts", "theme", "preset", "keys", "services", "retention"]
    let fields = reader.root(document, allowed: allowed)
    var result = WatchConfiguration()
    result.contract = reader.text(fields["contract"]).map {
      $0.contains("/") || $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") ? path($0) : $0
    }
    if let field = fields["log_time_zone"], let zone = reader.text(field) {
      if LogTimeZone(zone, host: .fixed(secondsEast: 0)) == nil {
        reader.report(field, LogTimeZone.refusal(zone))
      }
      result.logTimeZone = zone
    }
    let sourceReader = SourceReader(reader: reader, folder: folder)
    for source in sources {
      let found = sourceReader.sources(fields[source.key], source.shape)
      if !found.isEmpty { result.sources[source.key] = found }
    }
    result.services = ComposePlaceReader(reader: reader).services(fields["services"])
    result.intervals = seconds(fields["intervals"], 0.1...3600, of: sources)
    result.timeouts = seconds(fields["timeouts"], 0.1...600, of: sources)
    result.theme = reader.word(fields["theme"], WatchConfiguration.ThemeName.self)
    result.preset = reader.word(fields["preset"], WatchConfiguration.PresetName.self)
    result.retention = keeping(fields["retention"])
    result.keys = keys(fields["keys"], commands)
    return result
  }

  /// A path of the file as seen from the current folder.
  private func path(_ text: String) -> String { text.hasPrefix("/") ? text : folder + text }

  private func seconds(_ field: NodeReader.Field?, _ allowed: ClosedRange<Double>, of sources: [SourceField]) -> [String: Double] {
    let keys = sources.filter(\.isPolled).map(\.key)
    guard let field, let fields = reader.mapping(field, allowed: keys) else { return [:] }
    func read(_ name: String) -> Double? {
      guard let place = fields[name], let value = reader.number(place) else { return nil }
      if !allowed.contains(value) {
        let bounds = [allowed.lowerBound, allowed.upperBound].map { Int(exactly: $0).map(String.init) ?? "\($0)" }
        reader.report(place, "must be \(bounds[0]) to \(bounds[1]) seconds, but is \(Int(exactly: value).map(String.init) ?? "\(value)")")
      }
      return value
    }
    var result: [String: Double] = [:]
    for key in keys { result[key] = read(key) }
    return result
  }

  private func keeping(_ field: NodeReader.Field?) -> WatchConfiguration.Keeping {
    guard let field, let fields = reader.mapping(field, allowed: ["days", "count", "mib"]) else { return .init() }
    func within(_ name: String, _ most: Int) -> Double? {
      guard let place = fields[name], let value = reader.number(place) else { return nil }
      if !(0...Double(most)).contains(value) { reader.report(place, "must be 0 to \(most), but is \(NumberText.rounded(value, 3))") }
      return value
    }
    func whole(_ name: String, _ most: Int) -> Int? {
      guard let place = fields[name], let value = reader.integer(place) else { return nil }
      if !(0...most).contains(value) { reader.report(place, "must be 0 to \(most), but is \(value)") }
      return value
    }
    return .init(days: within("days", 36_500), count: whole("count", 1_000_000), mib: whole("mib", 1 << 30))
  }

  private func keys(_ field: NodeReader.Field?, _ commands: [String]) -> [String: [String]] {
    guard let field, let fields = reader.mapping(field, allowed: commands) else { return [:] }
    var result: [String: [String]] = [:]
    var owner: [String: String] = [:]
    for (command, value) in fields.sorted(by: { $0.key < $1.key }) {
      var places = [value]
      if case .sequence = value.node { places = reader.list(value) ?? [] }
      let names = places.compactMap(reader.text)
      for name in names {
        if let other = owner[name] { reader.report(value, "the key \"\(name)\" is taken by \(other)") }
        owner[name] = command
      }
      result[command] = names
    }
    return result
  }
}
