import Events
import HarnessConfig
import HarnessCore
import HarnessRun
import MonitorUI
import Recording
import WireFormats

/// The settings as lines: name, value, and where it comes from.
package enum ConfigListing {
  private struct Row {
    var name: String
    /// As the file would say it; nil where nothing is set.
    var value: String?
    var preset: String
  }

  /// The lines.
  package static func text(_ settings: Settings) throws(Problem) -> String {
    let file = settings.file ?? WatchConfiguration()
    var rows = [
      Row(name: "contract", value: file.contract, preset: "auto"),
      Row(name: "log_time_zone", value: file.logTimeZone, preset: "that of the contract"),
      Row(name: "theme", value: file.theme?.rawValue, preset: "dark or light, by the terminal's background"),
      Row(name: "preset", value: file.preset?.rawValue, preset: "the one chosen last"),
    ]
    for kind in SourcePlans.inOrder {
      let sources = file.sources[kind.words.key] ?? []
      // Of these the contract knows where they usually are.
      let preset = if case .endpoints = kind.words.shape { "the contract's, on this machine" } else { "none" }
      if sources.isEmpty { rows.append(Row(name: kind.words.key, value: nil, preset: preset)) }
      for source in sources {
        let credential = source.credential.map { " (\(words($0)))" } ?? ""
        rows.append(Row(name: "\(kind.words.key).\(source.service)", value: Redaction.redact(source.text) + credential, preset: ""))
      }
    }
    for (field, values, preset) in [("intervals", file.intervals, 1.0), ("timeouts", file.timeouts, 2.0)] {
      for kind in SourcePlans.inOrder {
        guard case .endpoints = kind.words.shape else { continue }
        let value = values[kind.words.key].map { "\(NumberText.rounded($0, 3)) s" }
        rows.append(Row(name: "\(field).\(kind.words.key)", value: value, preset: "\(NumberText.rounded(preset, 3)) s"))
      }
    }
    for (service, place) in file.services.sorted(by: { $0.key.text < $1.key.text }) {
      rows.append(Row(name: "services.\(service)", value: place.service, preset: ""))
    }
    let (own, usual) = (file.retention, Retention())
    rows += [
      Row(name: "retention.days", value: own.days.map { NumberText.rounded($0, 3) }, preset: NumberText.rounded(usual.days, 3)),
      Row(name: "retention.count", value: own.count.map(String.init), preset: "\(usual.count)"),
      Row(name: "retention.mib", value: own.mib.map(String.init), preset: "\(usual.bytes >> 20)"),
    ]
    rows += try keys(file, settings.path)
    let found = settings.file == nil ? "not there" : "read"
    let head = settings.path.isEmpty ? "no place for settings: HOME is not set" : "\(settings.path): \(found)"
    return ([head] + lines(rows, settings.path)).map { escapeUntrusted($0) + "\n" }.joined()
  }

  private static func keys(_ file: WatchConfiguration, _ path: String) throws(Problem) -> [Row] {
    var bindings = KeyBindings.standard
    do throws(Problem) { try bindings.rebind(file.keys.mapValues { $0.joined(separator: " ") }) } catch { throw error.at("\(path): keys") }
    return bindings.commands.map { command in
      let keys = bindings.text(for: command.action)
      let shown = keys.isEmpty ? "none" : keys
      let isChanged = keys != KeyBindings.standard.text(for: command.action)
      return Row(name: "keys.\(command.name)", value: isChanged ? shown : nil, preset: shown)
    }
  }

  private static func lines(_ rows: [Row], _ path: String) -> [String] {
    let shown = rows.map { (name: $0.name, value: $0.value ?? $0.preset, origin: $0.value == nil ? "built in" : path) }
    let width = shown.map { displayWidth($0.name) }.max() ?? 0
    let valueWidth = min(48, shown.map { displayWidth($0.value) }.max() ?? 0)
    return shown.map { row in
      "\(pad(row.name, width: width))  \(displayWidth(row.value) > valueWidth ? row.value : pad(row.value, width: valueWidth))  \(row.origin)"
    }
  }

  private static func words(_ credential: WatchConfiguration.Credential) -> String {
    func place(_ secret: WatchConfiguration.Secret) -> String {
      switch secret {
      case .environment(let name): "the variable \(name)"
      case .file(let path): "the file \(path)"
      }
    }
    switch credential {
    case .bearer(let secret): return "a token from \(place(secret))"
    case .basic(let user, let secret): return "\(user), with a password from \(place(secret))"
    }
  }
}
