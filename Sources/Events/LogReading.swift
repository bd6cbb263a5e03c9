import WireFormats

/// A log that is read again, as another contract turned out to hold.
package struct LogReading: Codable, Hashable, Sendable {
  /// The contract's name.
  package var contract: String
  /// How many lines are read again.
  package var lines: Int
  /// How many lines came before them and are no longer kept.
  package var dropped: Int

  /// A log that is read again.
  package init(contract: String, lines: Int, dropped: Int) {
    self.contract = contract
    self.lines = lines
    self.dropped = dropped
  }

  /// "12 lines of the log are read again by contract x".
  package var sentence: String {
    "\(Figure.count(lines, "line")) of the log \(lines == 1 ? "is" : "are") read again by contract \(contract)"
      + (dropped > 0 ? "; \(Figure.count(dropped, "line")) before are no longer kept: what they told is not known" : "")
  }
}
