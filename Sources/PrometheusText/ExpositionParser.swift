/// Reads what metrics endpoints answer: the Prometheus text format 0.0.4 and OpenMetrics 1.0.
///
/// Keep one parser per endpoint. It remembers the shape of the last answer: an answer of the same shape costs a comparison of
/// the text around the values and the reading of the values, nothing else, and comes with the identical ``SeriesLayout``.
///
/// 0.0.4 is read as leniently as its readers do (blanks anywhere, unknown escapes in label values stay as they are, label values
/// that MediaMTX did not escape). What deviates from either format costs its line and is said in the layout's remarks; a text of
/// which nothing, or less than half, can be read is refused. Under ``ExpositionRules/strict`` the first deviation refuses the text,
/// and OpenMetrics' rules on types, suffixes, grouping and values are checked. `\r\n` ends a line in both. An error leaves the
/// parser as it was.
package struct ExpositionParser: Sendable {
  /// The layout of the last scrape that was read without error; nil before the first.
  package private(set) var layout: SeriesLayout?
  private var identities = SeriesIdentities()
  private let hash: SeriesHash
  private let rules: ExpositionRules

  /// The largest text that is read: offsets have 32 bits.
  package static let maximumByteCount = 1 << 30

  /// A parser that has seen nothing yet.
  package init(rules: ExpositionRules = .scraper) {
    self.rules = rules
    // Swift's hasher has a seed of its own per process, which is all that is wanted of it here.
    hash = SeriesHash(seed: UInt64(truncatingIfNeeded: Hasher().finalize()) | 1)
  }

  /// Reads one answer.
  ///
  /// - Throws: ``ParseError`` with line and column; nothing of the answer is kept then.
  package mutating func parse(_ bytes: UnsafeRawBufferPointer, format: ExpositionFormat) throws(ParseError) -> Scrape {
    try parse(bytes, owner: nil, format)
  }

  private mutating func parse(
    _ bytes: UnsafeRawBufferPointer, owner: [UInt8]?, _ format: ExpositionFormat
  ) throws(ParseError) -> Scrape {
    guard bytes.count <= Self.maximumByteCount else {
      throw ParseError(line: 1, column: 1, message: "the text has \(bytes.count) bytes, more than 1 GiB", excerpt: "")
    }
    return try ByteView.with(bytes) { view throws(ParseError) in
      try NumberScanner.withScanner { numbers throws(ParseError) in
        if let layout, layout.format == format {
          let reader = SameShapeReader(view: view, layout: layout, numbers: numbers, hash: hash)
          if let scrape = reader.read() { return scrape }
        }
        do throws(ParseFailure) {
          return try parseInFull(view, owner, format, numbers)
        } catch {
          throw error.located(in: view)
        }
      }
    }
  }

  /// Reads one answer, whose bytes the layout shares then; see `parse(_:format:)` for raw memory.
  package mutating func parse(_ bytes: [UInt8], format: ExpositionFormat) throws(ParseError) -> Scrape {
    try bytes.withUnsafeBufferPointer { buffer throws(ParseError) in
      try parse(UnsafeRawBufferPointer(buffer), owner: bytes, format)
    }
  }

  /// Reads one answer; see `parse(_:format:)` for raw memory.
  package mutating func parse(_ text: String, format: ExpositionFormat) throws(ParseError) -> Scrape {
    try parse(Array(text.utf8), format: format)
  }

  /// A number as the value of a sample or of the label `le` is written; nil for anything else.
  package static func number(_ text: String) -> Double? {
    Array(text.utf8).withView { view in
      NumberScanner.withScanner { numbers in
        var value = 0.0
        return numbers.scan(view, 0, into: &value) == view.count ? value : nil
      }
    }
  }

  private mutating func parseInFull(
    _ view: ByteView, _ owner: [UInt8]?, _ format: ExpositionFormat, _ numbers: NumberScanner
  ) throws(ParseFailure) -> Scrape {
    let known = layout
    let nothing: [UInt8] = []
    let scrape = try (known?.text ?? nothing).withView { previousText throws(ParseFailure) in
      var builder = LayoutBuilder(
        view: view, format: format, reading: rules, numbers: numbers, hash: hash, previous: known, previousText: previousText)
      try builder.readAll()
      return builder.finish(&identities, owner: owner)
    }
    layout = scrape.layout
    return scrape
  }
}
