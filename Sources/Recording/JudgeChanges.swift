import Contracts
import Events
import Judging
import RunModel
import WireFormats

/// What is changed before a recording is judged again: limits of the contract, numbers of rules, or all expectations.
package struct JudgeChanges: Sendable {
  /// A limit of contracts that is a number: a row of a table.
  fileprivate struct Limit: Sendable {
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

  /// A number that is changed: of rules, of the contract, or of both where both go by that word.
  fileprivate struct Setting: Sendable {
    var text: String
    var value: Double
    /// The field of rules; nil where no rule has one of that name.
    var field: String?
    var limit: Limit?
  }

  private var settings: [Setting] = []
  private let expectations: [Expectation]?

  /// Changes as a command line says them.
  /// - Parameters:
  ///   - texts: `NAME=NUMBER` each: a number of rules, or a limit of contracts, of which the last words are enough where they mean one
  ///     (`cooldown_s` for `breaker_cooldown_s`). A name that means both changes both.
  ///   - expectations: what is judged in place of the recording's own; nil for those.
  /// - Throws: what is no change, with the nearest name, and a limit outside what contracts may say.
  package init(_ texts: [String], expectations: [Expectation]? = nil) throws(Problem) {
    self.expectations = expectations
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let value = Double(parts[1]), value.isFinite else {
        throw Problem(.usage, "--set \(text): written NAME=NUMBER, such as cooldown_s=25")
      }
      let word = String(parts[0])
      let limit = Self.limit(word)
      let fields = Self.ruleFields
      guard limit != nil || fields.contains(word) else {
        throw Problem(.usage, "--set \(text): \(NearestWord.unknown(word, among: Self.limits.map(\.name) + fields.sorted(), noun: "name"))")
      }
      let setting = Setting(text: text, value: value, field: fields.contains(word) ? word : nil, limit: limit)
      var probe = Thresholds()
      try setting.change(&probe)
      settings.append(setting)
    }
  }

  /// The limit that a word means: by its own name, else by the end of it where that means one alone.
  private static func limit(_ word: String) -> Limit? {
    if let named = limits.first(where: { $0.name == word }) { return named }
    let meant = limits.filter { $0.name.hasSuffix("_" + word) }
    return meant.count == 1 ? meant[0] : nil
  }

  /// Whether anything is changed.
  package var isNone: Bool { settings.isEmpty && expectations == nil }

  private static let ruleFields: Set<String> = {
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
  }()

  /// A description with the changes.
  /// - Throws: where a rule or the contract cannot take its number, and where a number is of no rule that is judged, so that it would change
  ///   nothing.
  func changed(_ description: RunDescription) throws(Problem) -> RunDescription {
    var description = description
    if let expectations { description.expectations = expectations + description.expectations.filter(\.isImplied) }
    for setting in settings {
      try setting.change(&description.contract.thresholds)
      var isMet = false
      for index in description.expectations.indices {
        if try setting.change(&description.expectations[index]) { isMet = true }
      }
      guard isMet || setting.limit != nil || description.expectations.isEmpty else {
        throw Problem(
          .usage, "--set \(setting.text): none of what is judged has a number \(setting.field ?? "of that name")",
          hint: "`dubwatch scenarios --rules` lists the numbers of each rule")
      }
    }
    return description
  }
}

extension JudgeChanges.Setting {
  /// Changes the limit, where it is one.
  /// - Throws: what contracts may not say.
  fileprivate func change(_ thresholds: inout Thresholds) throws(Problem) {
    guard let limit else { return }
    guard limit.set(&thresholds, value) else { throw Problem(.usage, "--set \(text): \(limit.name) is a whole number") }
    let path = "thresholds.\(limit.name)"
    guard let problem = thresholds.problems().first(where: { $0.path == path }) else { return }
    throw Problem(.usage, "--set \(text): \(limit.name) \(problem.message)")
  }

  /// Changes a rule, where it has a number of that name.
  /// - Returns: whether it has one.
  /// - Throws: where the rule cannot take it.
  fileprivate func change(_ expectation: inout Expectation) throws(Problem) -> Bool {
    guard let field, Rules.named(expectation.rule.name)?.fields.contains(where: { $0.name == field }) == true else { return false }
    let before = expectation.rule.sentence
    expectation.rule.values[field] = .number(value)
    do throws(RuleMistake) { _ = try expectation.rule.rule() } catch {
      throw Problem(.usage, "--set \(text): \(expectation.rule.name): \(error)")
    }
    if expectation.title == before { expectation.title = expectation.rule.sentence }
    return true
  }
}
