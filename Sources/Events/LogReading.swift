import WireFormats

/// A log that is read again, as another contract turned out to hold, or of which not all is left as the first one is found.
package struct LogReading: Codable, Hashable, Sendable {
  /// The contract's name.
  package var contract: String
  /// How many lines are read again.
  package var lines: Int
  /// How many lines came before them and are no longer kept.
  package var dropped: Int
  /// Whether no contract told of the lines before; nil where another one did.
  package var isFirst: Bool?
  /// What the contract makes of those of them that were written while the log was followed; nil in a recording of a program that did not
  /// look.
  package var found: Found?

  /// What a contract makes of lines that are not told once more themselves.
  package struct Found: Codable, Hashable, Sendable {
    /// How many of them are built in another way than the contract has it.
    package var unreadable = 0
    /// How many are of the server that the service runs in, which writes in a way of its own.
    package var aside = 0
    /// How many carry a level.
    package var graded = 0
    /// The lowest level of one; nil where none has one.
    package var lowestLevel: LogLevel?
    /// Those at level warning or above that the contract does not expect: the first ones, cut.
    package var loud: [Loud] = []
    /// How many further ones there are.
    package var omitted = 0

    /// How many loud lines are kept, and of how many characters at most.
    private static let kept = 64
    private static let length = 300

    /// Nothing looked at yet.
    package init() {}

    /// Takes in one of the lines, as the contract reads it.
    /// - Parameters:
    ///   - isContinuation: whether it belongs to the line before it.
    ///   - readAt: when it was read, where that is known.
    package mutating func note(_ line: LogLine, isContinuation: Bool, readAt: WallTime?) {
      if line.form == .aside { aside += 1 }
      if line.isForeign || (!line.isReadable && !isContinuation && line.form != .aside) { unreadable += 1 }
      guard let level = line.level else { return }
      graded += 1
      lowestLevel = min(lowestLevel ?? level, level)
      guard level >= .warning, !line.isExpected else { return }
      if loud.count < Self.kept {
        loud.append(Loud(level: level, text: String(line.text.prefix(Self.length)), reportedAt: line.reportedAt, readAt: readAt))
      } else {
        omitted += 1
      }
    }
  }

  /// A line that is not what a healthy service writes.
  package struct Loud: Codable, Hashable, Sendable {
    /// How grave it says it is.
    package var level: LogLevel
    /// The line; not escaped.
    package var text: String
    /// The time written in it.
    package var reportedAt: WallTime?
    /// When it was read; nil where that is not known.
    package var readAt: WallTime?
  }

  /// A log that is read again.
  package init(contract: String, lines: Int, dropped: Int, isFirst: Bool? = nil, found: Found? = nil) {
    self.contract = contract
    self.lines = lines
    self.dropped = dropped
    self.isFirst = isFirst
    self.found = found
  }

  /// The same with the texts of its lines changed.
  package func mapTexts(_ change: (String) -> String) -> LogReading {
    var reading = self
    for index in found?.loud.indices ?? 0..<0 { reading.found?.loud[index].text = change(found?.loud[index].text ?? "") }
    return reading
  }

  /// Whether it is worth a row: that nothing was read by another contract is none.
  package var isNews: Bool { dropped > 0 || (lines > 0 && isFirst != true) }

  /// "12 lines of the log are read again by contract x".
  package var sentence: String {
    "\(Figure.count(lines, "line")) of the log \(lines == 1 ? "is" : "are") read again by contract \(contract)"
      + (dropped > 0 ? "; \(Figure.count(dropped, "line")) before are no longer kept: what they told is not known" : "")
  }
}
