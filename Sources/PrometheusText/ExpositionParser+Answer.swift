/// Why a page is no exposition, in one sentence that says what to do.
package struct AnswerRefusal: Error, Equatable, Sendable, CustomStringConvertible {
  /// What it is instead; nil when it looks like nothing else.
  package let foreign: ForeignBody?
  /// Where it stopped being an exposition; nil when it was not looked for.
  package let place: ParseError?
  /// It was taken for OpenMetrics because of its last line only.
  let isGuessed: Bool

  /// The sentence; text of the page in it is escaped.
  package var description: String {
    if let foreign { return foreign.description + (place.map { $0.excerpt.isEmpty ? "" : "; line \($0.line) is \($0.excerpt)" } ?? "") }
    return (place?.description ?? "")
      + (isGuessed ? "; it was read as OpenMetrics because it ends with '# EOF': --format text reads it as text 0.0.4" : "")
  }
}

extension ExpositionParser {
  /// Reads what an endpoint answered or a file holds, and says what it is where it is something else.
  /// - Parameters:
  ///   - contentType: the `Content-Type` of the answer; nil for a file, whose format its last line tells.
  ///   - contentEncoding: the `Content-Encoding` that is still on the body.
  ///   - format: the format it is read as whatever it says of itself; nil to go by that.
  package mutating func read(
    _ body: [UInt8], contentType: String?, contentEncoding: String? = nil, isFile: Bool = false, format: ExpositionFormat? = nil
  ) throws(AnswerRefusal) -> Scrape {
    if let foreign = ForeignBody.certain(body, contentType: contentType, contentEncoding: contentEncoding) {
      throw AnswerRefusal(foreign: foreign, place: nil, isGuessed: false)
    }
    let said = isFile ? ExpositionFormat.guess(body) : ExpositionFormat(contentType: contentType)
    do throws(ParseError) { return try parse(body, format: format ?? said) } catch {
      // A format asked for is judged by itself: its header was overruled.
      let type = format == nil ? contentType : nil
      throw AnswerRefusal(
        foreign: ForeignBody.likely(body, contentType: type, contentEncoding: contentEncoding), place: error,
        isGuessed: format == nil && isFile && said == .openMetrics)
    }
  }
}
