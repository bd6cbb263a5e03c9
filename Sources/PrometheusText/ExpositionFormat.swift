/// The two text expositions a metrics endpoint can answer with.
package enum ExpositionFormat: String, Sendable, Hashable, Codable {
  /// The Prometheus text format, version 0.0.4.
  case text
  /// OpenMetrics text, version 1.0.
  case openMetrics

  /// What is asked for: text 0.0.4. OpenMetrics is not named, because libraries that find its name anywhere in the header answer with
  /// it whatever is preferred, and nothing that only OpenMetrics has is used here.
  package static let accept = "text/plain;version=0.0.4,text/plain;q=0.9,*/*;q=0.1"

  /// Chooses by the media type of a `Content-Type` header.
  ///
  /// Parameters (`version`, `charset`, ...) are not looked at, letter case and blanks around the media type are ignored.
  /// `application/openmetrics-text` gives ``openMetrics``; a missing or any other type gives ``text``.
  package init(contentType: String?) {
    guard let contentType else {
      self = .text
      return
    }
    let mediaType = contentType.utf8.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: ",") }
    let trimmed = mediaType.drop { $0 == 0x20 || $0 == 0x09 }
    let name = String(decoding: trimmed, as: UTF8.self).lowercased()
    let end = name.lastIndex { $0 != " " && $0 != "\t" }.map { name.index(after: $0) } ?? name.startIndex
    self = name[..<end] == "application/openmetrics-text" ? .openMetrics : .text
  }
}
