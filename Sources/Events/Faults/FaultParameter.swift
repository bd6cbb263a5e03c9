import WireFormats

/// A number or a word that a fault takes: its name, what it may be, and what it is when nothing is said.
package struct FaultParameter: Sendable {
  /// The name, as scenarios write it. Each stands here and nowhere else.
  package struct Name: Hashable, Sendable {
    /// `ms_per_s`.
    package let text: String

    /// An error code of the speech protocol.
    package static let code = Name(text: "code")
    /// How many.
    package static let count = Name(text: "count")
    /// For how long, in seconds.
    package static let seconds = Name(text: "seconds")
    /// After how many seconds what was ended is started again.
    package static let restartAfter = Name(text: "restart_after")
    /// Milliseconds.
    package static let milliseconds = Name(text: "ms")
    /// Milliseconds per second.
    package static let millisecondsPerSecond = Name(text: "ms_per_s")
    /// How bad.
    package static let severity = Name(text: "severity")
    /// What is asked for.
    package static let action = Name(text: "action")
    /// How long to wait, in milliseconds.
    package static let delayMilliseconds = Name(text: "delay_ms")
    /// Which service.
    package static let service = Name(text: "service")
  }

  /// What a value may be.
  package enum Domain: Sendable {
    /// A number of a range, in a unit.
    case number(ClosedRange<Double>, unit: String)
    /// A whole number of a range, of things.
    case whole(ClosedRange<Int>, unit: String)
    /// One of some words.
    case word([String])
    /// The name of a service of the environment.
    case service
  }

  /// Its name.
  package let name: Name
  /// What its value may be.
  package let domain: Domain
  /// Its value when none is given; nil for one that is left out then.
  package let standard: FaultValue?
  /// What it means, in a few words.
  package let meaning: String

  init(_ name: Name, _ domain: Domain, _ standard: FaultValue?, _ meaning: String) {
    self.name = name
    self.domain = domain
    self.standard = standard
    self.meaning = meaning
  }

  /// Reads a value as it is written.
  /// - Throws: what it must be, as the rest of a sentence that begins with the parameter's name.
  package func value(of text: String) throws(FaultProblem) -> FaultValue {
    switch domain {
    case .number(let range, let unit):
      guard let number = Self.number(text) else { throw FaultProblem("must be a number, but is \"\(text)\"") }
      guard range.contains(number) else {
        throw FaultProblem(
          "must be from \(NumberText.shortest(range.lowerBound)) to \(NumberText.shortest(range.upperBound)) \(unit), but is \"\(text)\"")
      }
      return .number(number)
    case .whole(let range, let unit):
      guard let number = Self.number(text) else { throw FaultProblem("must be a number, but is \"\(text)\"") }
      guard let whole = Int(exactly: number), range.contains(whole) else {
        throw FaultProblem("must be a whole number from \(range.lowerBound) to \(range.upperBound) \(unit), but is \"\(text)\"")
      }
      return .number(number)
    case .word(let words):
      guard words.contains(text) else { throw FaultProblem("unknown word \"\(text)\"" + NearestWord.hint(text, among: words)) }
      return .word(text)
    case .service:
      guard !text.isEmpty else { throw FaultProblem("must be the name of a service") }
      return .word(text)
    }
  }

  /// A finite decimal number; `nan`, `inf` and hexadecimal ones are none.
  private static func number(_ text: String) -> Double? {
    let isDecimal = text.utf8.allSatisfy { byte in (0x30...0x39).contains(byte) || [0x2b, 0x2d, 0x2e, 0x45, 0x65].contains(byte) }
    guard isDecimal, let value = Double(text), value.isFinite else { return nil }
    return value
  }
}

/// Why a fault cannot be read or done, in words.
package struct FaultProblem: Error, Sendable, Hashable, CustomStringConvertible {
  /// The words.
  package let description: String

  /// A problem in words.
  package init(_ description: String) { self.description = description }
}
