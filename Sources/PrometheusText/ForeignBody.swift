/// What a page is that is no exposition: told by its bytes and by what its header says, with what to do about it.
package struct ForeignBody: Sendable, Hashable, CustomStringConvertible {
  /// What it is, after "the page": `is HTML`.
  package let what: String
  /// What to change.
  package let remedy: String

  /// `the page is HTML, not metrics: …`
  package var description: String { "the page \(what): \(remedy)" }

  /// What a page shows of itself.
  struct Signs {
    let body: [UInt8]
    /// Lower case, without parameters; empty when none was sent.
    let mediaType: String
    /// Lower case; empty when none was sent.
    let encoding: String
    /// The first bytes that are no blanks.
    let start: ArraySlice<UInt8>

    init(_ body: [UInt8], contentType: String?, contentEncoding: String?) {
      self.body = body
      mediaType = (contentType ?? "").lowercased().prefix { $0 != ";" && $0 != "," && $0 != " " }.description
      encoding = (contentEncoding ?? "").lowercased().trimmedASCII
      let hasMark = body.starts(with: [0xEF, 0xBB, 0xBF])
      start = body.dropFirst(hasMark ? 3 : 0).drop { $0 == 0x20 || (0x09...0x0D).contains($0) }.prefix(256)
    }
  }

  private struct Kind {
    /// No exposition looks so: it is said before one is looked for.
    let isCertain: Bool
    let what: String
    let remedy: String
    let shows: @Sendable (Signs) -> Bool
  }

  /// What is known, first match first.
  private static let kinds: [Kind] = [
    Kind(
      isCertain: true, what: "is gzip, and no Content-Encoding says so",
      remedy: "have the service send 'Content-Encoding: gzip' or plain text; a file is unpacked with gunzip first"
    ) { $0.body.starts(with: [0x1F, 0x8B]) },
    Kind(
      isCertain: true, what: "is compressed with zstd, which was not asked for", remedy: "have the service send plain text or gzip"
    ) { $0.body.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) || $0.encoding == "zstd" },
    Kind(
      isCertain: true, what: "is compressed with brotli, which was not asked for", remedy: "have the service send plain text or gzip"
    ) { $0.encoding == "br" },
    Kind(isCertain: true, what: "is UTF-16, not UTF-8", remedy: "have it written as UTF-8; a file is changed with iconv -f UTF-16 -t UTF-8")
    {
      $0.body.starts(with: [0xFF, 0xFE]) || $0.body.starts(with: [0xFE, 0xFF]) || hasEveryOtherByteZero($0.body)
    },
    Kind(
      isCertain: true, what: "is the protobuf form of metrics, which was not asked for",
      remedy: "have the service send text/plain; version=0.0.4"
    ) { $0.mediaType == "application/vnd.google.protobuf" || isDelimitedFamily($0.body) },
    Kind(
      isCertain: false, what: "is HTML of the type text/html, not metrics",
      remedy: "a login page, a proxy's error, or another path than that of the metrics (/metrics?)"
    ) {
      $0.start.first == UInt8(ascii: "<") && ($0.mediaType.contains("html") || isHTML($0.start))
    },
    Kind(isCertain: false, what: "is XML, not metrics", remedy: "is this the path of the metrics (/metrics?)") {
      $0.start.first == UInt8(ascii: "<")
    },
    Kind(
      isCertain: false, what: "is JSON, not metrics",
      remedy: "is this the path of the metrics (/metrics?); a Spring actuator has them at /actuator/prometheus"
    ) { $0.mediaType.hasSuffix("json") || isJSON($0.start) },
    Kind(
      isCertain: false, what: "says in its Content-Type that it is OpenMetrics, but does not end with '# EOF'",
      remedy: "it is text 0.0.4 under a wrong header (read it with --format text, have the service send text/plain), or it was cut off"
    ) { ExpositionFormat(contentType: $0.mediaType) == .openMetrics && !ExpositionFormat.endsAsOpenMetrics($0.body) },
    Kind(
      isCertain: false, what: "is binary data, not text",
      remedy: "it may be compressed (brotli has no mark of its own): have the service send plain text"
    ) { isBinary($0.body) },
  ]

  /// What a page is that cannot be an exposition, whatever its text is; nil when it may be one.
  package static func certain(_ body: [UInt8], contentType: String? = nil, contentEncoding: String? = nil) -> ForeignBody? {
    first(Signs(body, contentType: contentType, contentEncoding: contentEncoding)) { $0.isCertain }
  }

  /// What a page is that could not be read as an exposition; nil when it looks like nothing else.
  package static func likely(_ body: [UInt8], contentType: String? = nil, contentEncoding: String? = nil) -> ForeignBody? {
    first(Signs(body, contentType: contentType, contentEncoding: contentEncoding)) { _ in true }
  }

  /// A page on which there is no sample.
  package static func withoutSamples(_ body: [UInt8]) -> ForeignBody {
    let isEmpty = Signs(body, contentType: nil, contentEncoding: nil).start.isEmpty
    return ForeignBody(
      what: isEmpty ? "is empty" : "has no sample, only comments",
      remedy: "no metric has a value yet, or this is not the path of the metrics (/metrics?)")
  }

  private static func first(_ signs: Signs, where isWanted: (Kind) -> Bool) -> ForeignBody? {
    kinds.first { isWanted($0) && $0.shows(signs) }.map { ForeignBody(what: $0.what, remedy: $0.remedy) }
  }

  private static func hasEveryOtherByteZero(_ body: [UInt8]) -> Bool {
    let part = body.prefix(64)
    guard part.count >= 4, part.count % 2 == 0 else { return false }
    return [0, 1].contains { offset in part.enumerated().allSatisfy { ($0.element == 0) == ($0.offset % 2 == offset) } }
  }

  /// A length, then field 1 of a MetricFamily, its name (prometheus/client_model, metrics.proto).
  private static func isDelimitedFamily(_ body: [UInt8]) -> Bool {
    var index = 0
    while index < min(body.count, 5), body[index] >= 0x80 { index += 1 }
    index += 1
    guard index + 2 < body.count, body[index] == 0x0A else { return false }
    let length = Int(body[index + 1])
    let name = body[(index + 2)...].prefix(length)
    guard length > 0, name.count == length, name.allSatisfy(ByteClass.isMetricName) else { return false }
    // A text with a first line of one letter has no control byte here.
    return length < 0x20 && length != 0x09 && length != 0x0A && length != 0x0D || isBinary(body)
  }

  private static func isHTML(_ start: ArraySlice<UInt8>) -> Bool {
    let text = String(decoding: start, as: UTF8.self).lowercased()
    return ["<!doctype html", "<html", "<head", "<body", "<div", "<script"].contains(where: text.hasPrefix)
  }

  /// `{}`, `{"name": …`, `[`; a series may begin with a quoted name too, but no colon follows there.
  private static func isJSON(_ start: ArraySlice<UInt8>) -> Bool {
    if start.first == UInt8(ascii: "[") { return true }
    guard start.first == ByteClass.openBrace else { return false }
    let rest = start.dropFirst().drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
    if rest.first == ByteClass.closeBrace { return true }
    guard rest.first == ByteClass.quote, let end = rest.dropFirst().firstIndex(of: ByteClass.quote) else { return false }
    return start[(end + 1)...].first { $0 != 0x20 } == UInt8(ascii: ":")
  }

  private static func isBinary(_ body: [UInt8]) -> Bool {
    let part = body.prefix(1024)
    let strange = part.count { $0 < 0x20 && !(0x09...0x0D).contains($0) && $0 != 0x1B || $0 == 0x7F }
    return part.contains(0) || strange * 10 > part.count
  }
}

extension ExpositionFormat {
  /// The format of a file, which says nothing of itself: OpenMetrics when its last line is `# EOF`.
  package static func guess(_ bytes: [UInt8]) -> ExpositionFormat { endsAsOpenMetrics(bytes) ? .openMetrics : .text }

  static func endsAsOpenMetrics(_ bytes: [UInt8]) -> Bool {
    var end = bytes.count
    while end > 0, bytes[end - 1] == ByteClass.newline || bytes[end - 1] == ByteClass.carriageReturn { end -= 1 }
    let ending = Array("# EOF".utf8)
    guard end >= ending.count, bytes[(end - ending.count)..<end].elementsEqual(ending) else { return false }
    return end == ending.count || bytes[end - ending.count - 1] == ByteClass.newline
  }
}

extension String {
  fileprivate var trimmedASCII: String {
    String(decoding: utf8.drop { $0 == 0x20 }.reversed().drop { $0 == 0x20 }.reversed(), as: UTF8.self)
  }
}
