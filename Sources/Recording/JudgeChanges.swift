import Contracts
import Events
import Judging
import RunModel
import WireFormats

/// What is changed before a recording is judged again: limits of the contract, numbers of rules, or all expectations.
package struct JudgeChanges: Sendable {
  /// A limit of contracts that is a number: a row of a table.
  private struct Limit: Sendable {
    let name: String
    let set: @Sendable (inout Thresholds, Double) -> Bool
  }

  private static let limits: [Limit] = [
    Limit(name: "sync_ms") { limits, value in keep(&limits.syncMilliseconds, value) },
    Limit(name: "sync_share") { limits, value in keep(&limits.syncShare, value) },
    Limit(name: "breaker_failures") { limits, value in keep(&limits.breakerFailures, value) },
    Limit(name: "breaker_cooldown_s") { limits, value in keep(&limits.breakerCooldownSeconds, value) },
    Limit(name: "max_inflight") { limits, value in keep(&limits.maxInflight, value) },
    Limit(name: "fragment_timeout_s") { limits, value in keep(&limits.fragmentTimeoutSeconds, value) },
    Limit(name: "segment_s") { limits, value in keep(&limits.segmentSeconds, value) },
  ]

  private static func keep(_ limit: inout Double, _ value: Double) -> Bool {
    limit = value
    return true
  }

  private static func keep(_ limit: inout Int, _ value: Double) -> Bool {
    guard let whole = Int(exactly: value) else { return false }
    limit = whole
    return true
  }

  private var settings: [(name: String, value: Double)] = []
  private let expectations: [Expectation]?

  /// Changes as a command line says them.
  /// - Parameters:
  ///   - texts: `NAME=NUMBER` each: a limit of contracts (`cooldown_s` for `breaker_cooldown_s`), or a number of rules.
  ///   - expectations: what is judged in place of the recording's own; nil for those.
  /// - Throws: what is no change, with the nearest name.
  package init(_ texts: [String], expectations: [Expectation]? = nil) throws(Problem) {
    self.expectations = expectations
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let value = Double(parts[1]), value.isFinite else {
        throw Problem(.usage, "--set \(text): written NAME=NUMBER, such as cooldown_s=25")
      }
      let word = String(parts[0])
      let limits = Self.limits.map(\.name).filter { $0 == word || $0.hasSuffix("_" + word) }
      let fields = Self.ruleFields
      guard limits.count == 1 || fields.contains(word) else {
        throw Problem(.usage, "--set \(text): \(NearestWord.unknown(word, among: Self.limits.map(\.name) + fields.sorted(), noun: "name"))")
      }
      settings.append((limits.count == 1 ? limits[0] : word, value))
      var probe = Thresholds()
      if let limit = Self.limits.first(where: { $0.name == limits.first }), !limit.set(&probe, value) {
        throw Problem(.usage, "--set \(text): \(limit.name) is a whole number")
      }
    }
  }

  /// Whether anything is changed.
  package var isNone: Bool { settings.isEmpty && expectations == nil }

  private static var ruleFields: Set<String> {
    var names: Set<String> = []
    for rule in Rules.all {
      for field in rule.fields {
        switch field.kind {
        case .number, .integer: names.insert(field.name)
        case .flag, .text, .texts, .labels, .word, .words, .signal: continue
        }
      }
    }
    return names
  }

  /// A description with the changes.
  /// - Throws: where a rule cannot take its number.
  func changed(_ description: RunDescription) throws(Problem) -> RunDescription {
    var description = description
    if let expectations { description.expectations = expectations + description.expectations.filter(\.isImplied) }
    for (name, value) in settings {
      _ = Self.limits.first { $0.name == name }?.set(&description.contract.thresholds, value)
      for index in description.expectations.indices { try Self.set(name, value, &description.expectations[index]) }
    }
    return description
  }

  private static func set(_ name: String, _ value: Double, _ expectation: inout Expectation) throws(Problem) {
    guard Rules.named(expectation.rule.name)?.fields.contains(where: { $0.name == name }) == true else { return }
    let before = expectation.rule.sentence
    expectation.rule.values[name] = .number(value)
    do throws(RuleMistake) { _ = try expectation.rule.rule() } catch {
      throw Problem(.usage, "--set \(name)=\(NumberText.shortest(value)): \(expectation.rule.name): \(error)")
    }
    if expectation.title == before { expectation.title = expectation.rule.sentence }
  }
}
