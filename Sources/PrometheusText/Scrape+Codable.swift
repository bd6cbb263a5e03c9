/// A scrape is written as the text its layout was read from, without what was left out, and the values of now; reading parses the
/// text again.
extension Scrape: Codable {
  private enum CodingKeys: String, CodingKey { case format, text, values, timestamps }

  /// Reads what `encode(to:)` wrote; throws `DecodingError` when text and values do not belong together.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let format = try container.decode(ExpositionFormat.self, forKey: .format)
    let text = try container.decode(String.self, forKey: .text)
    let values = try container.decode([Double].self, forKey: .values)
    let timestamps = try container.decodeIfPresent([Int64].self, forKey: .timestamps) ?? []
    var parser = ExpositionParser()
    let layout: SeriesLayout
    do {
      layout = try parser.parse(text, format: format).layout
    } catch {
      throw DecodingError.dataCorruptedError(forKey: .text, in: container, debugDescription: error.description)
    }
    guard layout.count == values.count, timestamps.isEmpty || timestamps.count == values.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .values, in: container, debugDescription: "\(values.count) values for \(layout.count) series")
    }
    self.init(layout: layout, values: values, rawTimestamps: timestamps)
  }

  /// Writes format, text and values. NaN and infinities need an encoder that can write them.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(layout.format, forKey: .format)
    try container.encode(String(decoding: layout.keptText, as: UTF8.self), forKey: .text)
    try container.encode(values, forKey: .values)
    if hasTimestamps { try container.encode(rawTimestamps, forKey: .timestamps) }
  }
}

extension Scrape {
  /// The timestamps of all samples, `Int64.min` where the endpoint gave none; empty when no sample has one.
  package var timestamps: [Int64] { rawTimestamps }

  /// A scrape of a layout that was read before; nil where values or timestamps are not as many as its series.
  package init?(layout: SeriesLayout, values: [Double], timestamps: [Int64]) {
    guard values.count == layout.count, timestamps.isEmpty || timestamps.count == values.count else { return nil }
    self.init(layout: layout, values: values, rawTimestamps: timestamps)
  }
}

extension SeriesLayout {
  /// The text that this shape was read from, as it came: read again by the same rules it gives the same layout.
  package var sourceText: [UInt8] { text }

  /// The text without what could not be read: bytes that are no UTF-8 would come back as letters, and be read.
  fileprivate var keptText: [UInt8] {
    if lostRanges.isEmpty { return text }
    var kept: [UInt8] = []
    kept.reserveCapacity(text.count)
    var start = 0
    for range in lostRanges {
      kept += text[start..<range.lowerBound]
      start = range.upperBound
    }
    return kept + text[start...]
  }
}
