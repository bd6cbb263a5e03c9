import Contracts
import Events
import TestSupport
import Testing

@testable import HarnessConfig

@Suite struct ContractMistakeTests {
  private static let signal = "  - {signal: fragments_sent, series: a_total, kind: counter}"
  private static let head = "name: mine\nsignals:\n\(signal)\n"

  static let mistakes: [(yaml: String, sentence: String)] = [
    ("", "my.yaml: is empty"), ("- a\n", "my.yaml:1: the file must be a list of \"field: value\" lines, but is a list"),
    ("just words\n", "my.yaml:1: the file must be a list of \"field: value\" lines, but is a single value"),
    ("name: mine\n", "my.yaml:1: a contract needs signals, or \"extends:\" with the name of another contract"),
    ("name: mine\nsignals: 5\n", "my.yaml:2: signals: must be a list, but is a single value"),
    ("signals:\n\(signal)\n", "my.yaml:1: name: is missing"),
    ("name: mi ne\nsignals:\n\(signal)\n", "my.yaml:1: name: must be letters, digits, \"-\", \"_\" and \".\", but is \"mi ne\""),
    (head + "summry: x\n", "my.yaml:4: summry: unknown field \"summry\"; did you mean \"summary\"?"),
    (
      "name: mine\nsignals:\n  - signal: fragments_sent\n    series: a\n    knd: counter\n    kind: counter\n",
      "my.yaml:5: signals[0].knd: unknown field \"knd\"; did you mean \"kind\"?"
    ),
    ("name: mine\nsignals:\n  - {signal: fragments_sent, series: a}\n", "my.yaml:3: signals[0].kind: is missing"),
    (
      "name: mine\nsignals:\n  - {signal: fragments_sent, series: a, kind: countr}\n",
      "my.yaml:3: signals[0].kind: unknown word \"countr\"; did you mean \"counter\"?"
    ),
    (
      "name: mine\nsignals:\n  - {signal: fragments_sent, series: a, kind: banana}\n",
      "my.yaml:3: signals[0].kind: unknown word \"banana\"; valid are counter, gauge, histogram"
    ),
    (
      "name: mine\nsignals:\n  - {signal: fragment_sent, series: a, kind: counter}\n",
      "my.yaml:3: signals[0].signal: unknown signal \"fragment_sent\"; did you mean \"fragments_sent\"?"
    ),
    (head + Self.signal + "\n", "my.yaml:4: signals[1].signal: the signal \"fragments_sent\" is bound twice"),
    ("name: mine\nsignals:\n  - {signal: errors, series: 9a, kind: gauge}\n", "my.yaml:3: signals[0].series: \"9a\" is no metric name"),
    (
      "name: mine\nsignals:\n  - {signal: errors, series: a, kind: gauge, absent_is_zero: maybe}\n",
      "my.yaml:3: signals[0].absent_is_zero: must be true or false, but is \"maybe\""
    ),
    ("name: mine\nsignals:\n  - {signal: errors, series: , kind: gauge}\n", "my.yaml:3: signals[0].series: has no value"),
    (
      "name: mine\nsignals:\n  - {signal: errors, series: [a], kind: gauge}\n",
      "my.yaml:3: signals[0].series: must be a text, but is a list"
    ),
    (
      "name: mine\nsignals:\n  - {signal: errors, series: a, kind: histogram, labels: {le: \"5\"}}\n",
      "my.yaml:3: signals[0].labels: \"le\" belongs to the histogram's buckets and cannot be asked for"
    ),
    (head + "name: twice\n", "my.yaml:4: the field \"name\" stands there twice"),
    (
      "name: mine\nthresholds:\n  # a note\n  sync_ms: 1\n\n  sync_share: 1\n  'sync_ms' : 2\n",
      "my.yaml:7: the field \"sync_ms\" stands there twice"
    ),
    (
      "name: mine\nsignals:\n  - signal: errors\n    kind: gauge\n    signal: errors\n",
      "my.yaml:5: the field \"signal\" stands there twice"
    ),
    ("name: mine\nthresholds: {sync_ms: 1, sync_ms: 2}\n", "my.yaml:2: the field \"sync_ms\" stands there twice"),
    (
      head + "breaker_encoding: {0: closed, 1: open, 2: opne}\n",
      "my.yaml:4: breaker_encoding.2: unknown word \"opne\"; did you mean \"open\"?"
    ),
    (head + "breaker_encoding: {0: closed, 2: half-open}\n", "my.yaml:4: breaker_encoding: has no value for open"),
    (
      head + "without_signals: [errors]\n",
      "my.yaml:4: without_signals[0]: there is no contract that it is taken from: it belongs to \"extends:\""
    ),
    (
      "name: mine\nextends: media-service\nwithout_signals: [eror]\n",
      "my.yaml:3: without_signals[0]: mine extends no signal \"eror\"; did you mean \"errors\"?"
    ),
    (
      "name: mine\nsignals:\n  - {signal: errors, series: a, kind: counter, state_label: x}\n",
      "my.yaml:3: signals[0].state_label: belongs to the gauge of breaker_state"
    ),
    (
      head + "breaker_encoding: {0: closed, 1: open, 2: half-open, 3: open}\n",
      "my.yaml:4: breaker_encoding: both 1 and 3 mean open"
    ),
    (
      head + "breaker_encoding: {0: closed, 1: open, two: half-open}\n",
      "my.yaml:4: breaker_encoding.two: \"two\" is no value of a gauge; write the number, then the state: 0: closed"
    ),
    (
      head + "log_templates:\n  - {happening: fragment-snt, pattern: fragment}\n",
      "my.yaml:5: log_templates[0].happening: unknown happening \"fragment-snt\"; did you mean \"fragment-sent\"?"
    ),
    (
      head + "log_templates:\n  - happening: fragment-sent\n    pattern: \"sent {id:uiud}\"\n",
      "my.yaml:6: log_templates[0].pattern: character 10: unknown field type \"uiud\"; did you mean \"uuid\"?"
    ),
    (
      head + "log_templates:\n  - happening: fragment-sent\n    pattern: \"sent {id\"\n",
      "my.yaml:6: log_templates[0].pattern: character 6: this \"{\" is never closed; write {{ for the character itself"
    ),
    (
      head + "log_format: python-logging\nlog_templates:\n  - {happening: breaker, pattern: circuit}\n",
      "my.yaml:6: log_templates[0].pattern: breaker needs \"state\": capture it in the pattern or give it under constants"
    ),
    (
      head + "log_templates:\n  - {happening: breaker, pattern: circuit, constants: {state: opened}}\n",
      "my.yaml:5: log_templates[0].constants.state: must be one of closed, open, half-open, but is \"opened\""
    ),
    (
      head + "log_templates:\n  - {happening: breaker, pattern: circuit, fields: {stat: state}}\n",
      "my.yaml:5: log_templates[0].fields.stat: breaker has no field \"stat\"; did you mean \"state\"?"
    ),
    (
      head + "log_templates:\n  - {happening: breaker, pattern: circuit, until: breaker}\n",
      "my.yaml:5: log_templates[0].until: belongs to a finding, not to breaker"
    ),
    (head + "log_format: jsn\n", "my.yaml:4: log_format: unknown word \"jsn\"; did you mean \"json\"?"),
    (
      head + "log_time_zone: Mars/Olympus\n",
      "my.yaml:4: log_time_zone: \"Mars/Olympus\" is no time zone; write host, UTC, an offset such as +02:00, or a name such as Europe/Berlin"
    ),
    (
      head + "endpoints:\n  - {service: a, kind: health, url: localhost}\n",
      "my.yaml:5: endpoints[0].url: must be a URL that begins with http:// or https://, but is \"localhost\""
    ),
    (
      head + "endpoints:\n  - {service: a, kind: health, url: \"ftp://a/\"}\n",
      "my.yaml:5: endpoints[0].url: must begin with http:// or https://, not ftp://"
    ),
    (
      head + "endpoints:\n  - {service: a, kind: health, url: \"http://a:99999/\"}\n",
      "my.yaml:5: endpoints[0].url: must have a port of 1 to 65535, but has \"99999\""
    ),
    (head + "endpoints:\n  - {service: a, kind: health, url: \"http:///x\"}\n", "my.yaml:5: endpoints[0].url: names no host"),
    (
      head + "endpoints:\n  - {service: a, kind: health, url: \"http://bob:s3cret@a/\"}\n",
      "my.yaml:5: endpoints[0].url: must not hold a user or a password; give them beside the URL as user and password_env or password_file"
    ),
    (head + "thresholds: {sync_ms: fast}\n", "my.yaml:4: thresholds.sync_ms: must be a number, but is \"fast\""),
    (head + "thresholds: {sync_share: 95}\n", "my.yaml:4: thresholds.sync_share: must be 0 to 1, but is 95"),
    (head + "thresholds: {breaker_failures: 5.5}\n", "my.yaml:4: thresholds.breaker_failures: must be a whole number, but is \"5.5\""),
    (head + "thresholds:\n  backoff:\n    factor: 0.5\n", "my.yaml:6: thresholds.backoff.factor: must be 1 to 100, but is 0.5"),
    ("name: mine\nextends: spec-081\n", "my.yaml:2: extends: unknown contract \"spec-081\"; did you mean \"spec-018\"?"),
    ("name: mine\n  bad: [\n", "my.yaml:2: is not YAML at column 6: mapping values are not allowed in this context"),
    ("name: *nothing\n", "my.yaml:1: an alias (\"*name\") stands for nothing; quote a text that begins with *"),
    ("name: a\u{1}b\n", "my.yaml:1: is not YAML: control characters are not allowed"),
    (head + "hidden_suffixes: [\"\"]\n", "my.yaml:4: hidden_suffixes[0]: is empty and would hide everything"),
    (head + "good_words: []\n", "my.yaml:4: good_words: is empty: no service could ever be healthy"),
    (head + "good_words: [ok, \" \"]\n", "my.yaml:4: good_words[1]: is empty"),
    (
      head + "\"sum\\u001b[31mmary\": x\n",
      "my.yaml:4: sum\\e[31mmary: unknown field \"sum\\e[31mmary\"; valid are name, extends, summary, worker_service, endpoints, signals, breaker_encoding, "
        + "log_format, log_keys, log_time_zone, unmatched, log_templates, thresholds, hidden_suffixes, good_words, "
        + "without_signals, breaker_words"
    ),
  ]

  /// Long lists of words: the nearest first.
  static let listed: [(yaml: String, beginning: String)] = [
    (
      "name: mine\nsignals:\n  - {signal: queue_depth_of_ours, series: a, kind: gauge}\n",
      "my.yaml:3: signals[0].signal: unknown signal \"queue_depth_of_ours\"; write \"custom: true\" beside it for one of your own, or the "
        + "name: one of "
    ),
    (
      head + "log_templates:\n  - {happening: reconnect, pattern: some line}\n",
      "my.yaml:5: log_templates[0].happening: unknown happening \"reconnect\": one of reconnection-planned, reconnection-attempt, "
        + "reconnection-gave-up, "
    ),
    (
      head + "log_templates:\n  - {happening: fragment-lost-for-good, pattern: some line}\n",
      "my.yaml:5: log_templates[0].happening: unknown happening \"fragment-lost-for-good\": one of fragment-"
    ),
  ]

  @Test(arguments: listed) func `a word of a long list that is near none is answered with the list`(yaml: String, beginning: String) throws
  {
    let error = try #require(#expect(throws: ConfigurationError.self) { try ContractLoader.parse(yaml: yaml, file: "my.yaml") })
    #expect(error.description.hasPrefix(beginning), "\(error)")
    let words = yaml.contains("happening") ? LogTemplate.happenings : SignalID.known.map(\.text)
    for word in words { #expect(error.description.contains(word), "\(word)") }
  }

  @Test(arguments: mistakes)
  func `one sentence`(yaml: String, sentence: String) {
    let error = #expect(throws: ConfigurationError.self) { try ContractLoader.parse(yaml: yaml, file: "my.yaml") }
    #expect(error?.description == sentence)
  }

  @Test func `several mistakes in order`() {
    let yaml = "name: mine\nsignals:\n  - {signal: fragments_snt, series: a, kind: counter}\nlog_format: jsn\nthresholds: {sync_ms: x}\n"
    let error = #expect(throws: ConfigurationError.self) { try ContractLoader.parse(yaml: yaml, file: "my.yaml") }
    #expect(error?.problems.map(\.line) == [3, 4, 5])
  }

  @Test(arguments: [
    ("spec-081", "spec-081: is neither a built-in contract nor a file that can be read; did you mean \"spec-018\"?"),
    ("./no-such.yaml", "./no-such.yaml: there is no such file"), ("/", "/: is a folder, not a file"),
    ("/dev/null", "/dev/null: is not a regular file"),
  ])
  func `what cannot be opened`(path: String, sentence: String) {
    let error = #expect(throws: ConfigurationError.self) { try ContractLoader.load(path) }
    #expect(error?.description == sentence)
  }

  @Test func `a binary file is called one`() {
    let bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0xFF]
    let error = #expect(throws: ConfigurationError.self) { try ConfigurationFile.text(of: bytes, file: "my.png") }
    #expect(error?.description == "my.png: is a binary file, not YAML text in UTF-8")
  }

  @Test func `not UTF-8`() {
    let error = #expect(throws: ConfigurationError.self) { try ConfigurationFile.text(of: Array("a\nb".utf8) + [0xff], file: "my.yaml") }
    #expect(error?.description == "my.yaml:2: is not UTF-8 text")
  }

  @Test func `hostile files end soon`() {
    var laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...20 {
      laughs += "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
    }
    laughs += "? *a20\n: x\n"
    let hostile = [
      laughs, String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 100_000), String(repeating: "- ", count: 200_000),
      String(repeating: "? ", count: 100_000), String(repeating: "a: &x\n", count: 50_000), String(repeating: "x", count: 2 << 20),
      (0..<5000).map { "k\($0): v\n" }.joined(), "signals: [" + String(repeating: "{}, ", count: 100_000) + "]", "a: !!binary x\n",
      "%YAML 9.9\n---\na: b\n",
      "--- a\n--- b\n",
    ]
    let clock = ContinuousClock()
    let took = clock.measure {
      for yaml in hostile {
        let error = #expect(throws: ConfigurationError.self) { try ContractLoader.parse(yaml: yaml, file: "my.yaml") }
        #expect((error?.problems.count ?? 0) <= 50)
      }
    }
    #expect(took < .seconds(60))
  }

  @Test func `randomly damaged files never trap`() {
    var seed = SplitMix(seed: 11)
    let original = Array(BuiltInContracts.files[0].yaml.utf8)
    for _ in 0..<150 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...6, using: &seed) {
        let place = Int.random(in: 0..<bytes.count, using: &seed)
        switch Int.random(in: 0..<3, using: &seed) {
        case 0: bytes[place] = UInt8.random(in: 0x20...0x7e, using: &seed)
        case 1: bytes.remove(at: place)
        default: bytes.insert(contentsOf: Array(bytes[place..<min(bytes.count, place + 20)]), at: place)
        }
      }
      do {
        let contract = try ContractLoader.parse(yaml: String(decoding: bytes, as: UTF8.self), file: "my.yaml")
        #expect(contract.problems().isEmpty)
      } catch {
        #expect(!error.problems.isEmpty)
        #expect(error.problems.allSatisfy { !$0.message.isEmpty && $0.description.hasPrefix("my.yaml:") })
      }
    }
  }
}
