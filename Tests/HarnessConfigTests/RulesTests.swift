import Events
import Foundation
import HarnessConfig
import Judging
import RuleSupport
import RunModel
import Testing
import WireFormats

/// Every row of the table of rules, whichever they are.
@Suite struct RulesTests {
  /// What rules need that no field of theirs must carry alone.
  private static let besides: [String: RuleValues] = [
    "counter": ["signal": .text("fragments_sent"), "at_least": .number(1)],
    "gauge": ["signal": .text("inflight_fragments"), "equals": .number(0)],
    "events": ["at_most": .number(3)],
  ]

  private static func sample(_ field: RuleField) -> RuleValue {
    switch field.kind {
    case .number(let range, _): .number(range?.upperBound ?? 2.5)
    case .integer(let range, _): .number(Double(range.lowerBound))
    case .flag: .flag(true)
    case .text: .text("some text")
    case .texts: .texts(["some text", "another"])
    case .labels: .labels(["a": "b"])
    case .word(let words): .text(words.last ?? "")
    case .words(let words): .texts(words)
    case .signal: .text(SignalID.fragmentsSent.text)
    }
  }

  /// A rule with what it must be given, and nothing else.
  private static func least(_ type: any Rule.Type) -> RuleDocument {
    var document = RuleDocument(type.name, besides[type.name] ?? [:])
    for field in type.fields where field.isRequired { document.values[field.name] = sample(field) }
    return document
  }

  private static func yaml(_ value: RuleValue) -> String {
    switch value {
    case .number(let number): Int(exactly: number).map { "\($0)" } ?? "\(number)"
    case .flag(let flag): "\(flag)"
    case .text(let text): "\"\(text)\""
    case .texts(let texts): "[" + texts.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    case .labels(let labels): "{" + labels.map { "\($0): \"\($1)\"" }.joined(separator: ", ") + "}"
    case .other: "~"
    }
  }

  private static func read(_ document: RuleDocument) throws -> RuleDocument {
    let values = document.values.names.map { name in ", \(name): " + (document.values[name].map(yaml) ?? "") }.joined()
    let text = "name: x\nsentence: s\ntime_limit_s: 50\nexpectations: [{id: a, expect: \(document.name)\(values)}]\n"
    return try #require(try ScenarioLoader.parse(yaml: text, file: "m.yaml").expectations.first).rule
  }

  private static func mistake(_ document: RuleDocument) throws -> String {
    try #require(#expect(throws: ConfigurationError.self, "\(document)") { try read(document) }).description
  }

  @Test func `names are unique`() {
    #expect(Set(Rules.all.map { $0.name }).count == Rules.all.count)
    for type in Rules.all {
      #expect(Rules.named(type.name) == type && ScenarioNames.isName(type.name))
      let common = ["id", "expect", "title", "by_s", "optional"]
      #expect(Set(type.fields.map(\.name) + common).count == type.fields.count + common.count, "\(type.name)")
    }
    #expect(Rules.named("breaker-opns") == nil)
  }

  @Test func `every rule says what it is`() throws {
    for type in Rules.all {
      let rule = try Self.least(type).rule()
      #expect(!type.summary.isEmpty && !rule.sentence.isEmpty && !type.floor.isEmpty && !type.witnesses.isEmpty, "\(type.name)")
      #expect(!rule.judge().hears.isEmpty, "\(type.name)")
      for field in type.fields {
        #expect(!field.meaning.isEmpty && !field.kindSentence.isEmpty && !field.absenceSentence.isEmpty)
        if case .value(let value) = field.absence { #expect(field.mistakes(in: value).isEmpty, "\(type.name).\(field.name)") }
      }
      for witness in type.witnesses { #expect(!witness.sentence.isEmpty) }
    }
  }

  @Test func `what must be given is enough`() throws {
    for type in Rules.all {
      let document = Self.least(type)
      #expect(try Self.read(document) == document)
      for field in type.fields where field.isRequired {
        var without = document
        without.values[field.name] = nil
        #expect(try Self.mistake(without).contains("expectations[0].\(field.name): is missing"))
        #expect(throws: RuleMistake.self) { try without.rule() }
      }
    }
  }

  @Test func `documents are stored`() throws {
    for type in Rules.all {
      for field in type.fields {
        var document = Self.least(type)
        document.values[field.name] = Self.sample(field)
        #expect(try JSONDecoder().decode(RuleDocument.self, from: JSONEncoder().encode(document)) == document)
      }
      let document = Self.least(type)
      #expect(try JSONDecoder().decode(RuleDocument.self, from: JSONEncoder().encode(document)) == document)
    }
  }

  @Test func `bounds hold`() throws {
    for type in Rules.all {
      for field in type.fields {
        var document = Self.least(type)
        func outcome(_ value: Double) -> (document: RuleDocument, place: String) {
          document.values[field.name] = .number(value)
          return (document, "expectations[0].\(field.name): is ")
        }
        let bounds: (good: [Double], bad: [Double])
        switch field.kind {
        case .number(let range?, _): bounds = ([range.lowerBound, range.upperBound], [range.lowerBound - 0.001, range.upperBound + 0.001])
        case .integer(let range, _):
          bounds = ([range.lowerBound, range.upperBound].map(Double.init), [range.lowerBound - 1, range.upperBound + 1].map(Double.init))
        default: continue
        }
        for value in bounds.good {
          let (document, _) = outcome(value)
          #expect(try Self.read(document) == document)
        }
        for value in bounds.bad {
          let (document, place) = outcome(value)
          #expect(try Self.mistake(document).contains(place))
          #expect(throws: RuleMistake.self, "a document is held to the same bounds") { try document.rule() }
        }
      }
    }
  }

  @Test func `misspelt words are refused`() throws {
    for type in Rules.all {
      for field in type.fields {
        var document = Self.least(type)
        let words: [String]
        switch field.kind {
        case .word(let list), .words(let list): words = list
        case .signal: words = [SignalID.fragmentsSent.text]
        default: continue
        }
        let word = try #require(words.max { $0.count < $1.count })
        let wrong = String(word.dropLast())
        if case .words = field.kind { document.values[field.name] = .texts([wrong]) } else { document.values[field.name] = .text(wrong) }
        let text = try Self.mistake(document)
        #expect(text.contains("expectations[0].\(field.name)") && text.contains("\"\(word)\""), "\(text)")
        #expect(throws: RuleMistake.self) { try document.rule() }
      }
    }
  }

  @Test func `values of another kind are refused`() throws {
    for type in Rules.all {
      for field in type.fields {
        let wrong: RuleValue = if case .labels = field.kind { .number(1) } else { .labels(["a": "b"]) }
        var document = Self.least(type)
        for value in [wrong, .other] {
          document.values[field.name] = value
          #expect(throws: RuleMistake.self) { try document.rule() }
          #expect(try Self.mistake(document).contains("expectations[0].\(field.name)"))
        }
      }
      var document = Self.least(type)
      document.values["nearly"] = .number(1)
      #expect(try Self.mistake(document).contains("unknown field \"nearly\""))
      #expect(throws: RuleMistake.self) { try document.rule() }
    }
  }

  @Test func `the words of events are closed lists`() throws {
    for kind in HappeningKind.countable {
      func document(_ detail: String?) -> RuleDocument { .events(EventPattern(kind, detail: detail), .atMost, 3) }
      #expect(try Self.read(document(nil)) == document(nil))
      guard let details = kind.counting?.words else {
        #expect(try Self.read(document("anything")) == document("anything"))
        continue
      }
      for detail in details { #expect(try Self.read(document(detail)) == document(detail)) }
      let text = try Self.mistake(document((details.last ?? "x") + "x"))
      #expect(text.contains("expectations[0].detail: ") && text.contains(details.last.map { "\"\($0)\"" } ?? "carries no word"), "\(text)")
    }
  }

  @Test func `the nearest word of an event is said`() throws {
    let text = try Self.mistake(.events(EventPattern(.fragmentFallback, detail: "circuit_opne"), .equals, 0))
    #expect(text == "m.yaml:4: expectations[0].detail: unknown word \"circuit_opne\"; did you mean \"circuit_open\"?")
    let waits = "steps: [{wait: {event: fragment-fallback, detail: eror}, within: 3}]\nexpectations: [{id: a, expect: pts-rise}]\n"
    let error = #expect(throws: ConfigurationError.self) {
      try ScenarioLoader.parse(yaml: "name: x\nsentence: s\ntime_limit_s: 50\n" + waits, file: "m.yaml")
    }
    #expect(try #require(error).description.contains("steps[0].wait.detail: unknown word \"eror\"; did you mean \"error\"?"))
  }

  /// Sentences that stood there before the rules were a table.
  @Test(arguments: [
    ("breaker-opens, failures: 0", "expectations[0].failures: is 0, but must be 1 to 1000 failures"),
    ("breaker-opens, failures: 2.5", "expectations[0].failures: must be a whole number, but is \"2.5\""),
    ("sync, figure: content, share: 2", "expectations[0].share: is 2.0, but must be 0.001 to 1.0"),
    ("sync, figure: contents", "expectations[0].figure: unknown word \"contents\"; did you mean \"content\"?"),
    ("output-duration, within_ms: -1", "expectations[0].within_ms: is -1.0, but must be 0.0 to 60000.0 milliseconds"),
    ("breaker-sequence, states: []", "expectations[0].states: names no state"),
    ("breaker-sequence, states: [open, halfopen]", "expectations[0].states[1]: unknown word \"halfopen\"; did you mean \"half-open\"?"),
    ("logs-quiet, above: error, allow: [some text, ab]", "expectations[0].allow[1]: is shorter than 3 bytes: it would excuse too much"),
    ("events, event: breaker, at_least: 1.5", "expectations[0]: counts happenings: its number must be whole and not negative"),
    ("events, event: breaker, at_least: -1", "expectations[0]: counts happenings: its number must be whole and not negative"),
    ("counter, at_least: 1", "expectations[0]: names no metric: it needs signal or series"),
    ("counter, signal: errors, series: a, at_least: 1", "expectations[0].series: does not go with signal: one of them is enough"),
    ("counter, signal: errors, sum: true, at_least: 1", "expectations[0].sum: goes with series, not with signal"),
    ("counter, signal: errors, at_least: 1, at_most: 2", "expectations[0]: needs exactly one of equals, at_least, at_most"),
    (
      "counter, signal: nothing, at_least: 1",
      "expectations[0].signal: unknown signal \"nothing\"" + NearestWord.hint("nothing", among: SignalID.known.map(\.text))
    ),
    ("gauge, signal: errors, when: always", "expectations[0]: needs a bound: equals, at_least or at_most"),
    ("gauge, signal: errors, when: always, at_least: 3, at_most: 2", "expectations[0]: at_least 3.0 is above at_most 2.0"),
    ("gauge, signal: errors, when: always, equals: 3, at_most: 3", "expectations[0].at_most: does not go with equals"),
    ("exits-with-failure", "expectations[0].service: is missing"),
    // What holds whatever happens is no expectation.
    (
      "counter, signal: errors, at_least: 0",
      "expectations[0].at_least: is no more than there is at least in any case: this expectation could not fail"
    ),
    (
      "events, event: breaker, at_least: 0",
      "expectations[0].at_least: is no more than there is at least in any case: this expectation could not fail"
    ),
    (
      "gauge, signal: inflight_fragments, at_least: -1000, when: eventually",
      "expectations[0].at_least: is no more than there is at least in any case: this expectation could not fail"
    ),
    ("sync, figure: content, share: 0", "expectations[0].share: is 0.0, but must be 0.001 to 1.0"),
    (
      "events, event: fragment-fallback, detail: circut_open, equals: 0",
      "expectations[0].detail: unknown word \"circut_open\"; did you mean \"circuit_open\"?"
    ),
    (
      "events, event: fragment-failed, detail: TIMEOUTS, at_most: 0",
      "expectations[0].detail: unknown word \"TIMEOUTS\"; did you mean \"TIMEOUT\"?"
    ),
  ]) func `mistakes are said`(_ words: String, _ wanted: String) throws {
    let yaml = "name: x\nsentence: s\ntime_limit_s: 50\nexpectations: [{id: a, expect: \(words)}]\n"
    let error = #expect(throws: ConfigurationError.self) { try ScenarioLoader.parse(yaml: yaml, file: "m.yaml") }
    #expect(try #require(error).description == "m.yaml:4: " + wanted)
  }
}

/// The alphabet of names in a scenario's file.
private enum ScenarioNames {
  static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x61...0x7a).contains($0) || $0 == UInt8(ascii: "-") }
  }
}
