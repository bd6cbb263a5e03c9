/// Where the parts of one series lie in the text; reused from line to line so that scanning allocates nothing.
struct KeyScan {
  /// The metric name inside braces, when it is written there: its content without quotes.
  var quotedName: TextSpan?
  private var storage: ContiguousArray<LabelSpan> = []
  private var labelCount = 0
  /// The sum of the labels' hashes, whatever their order.
  var labelSum: UInt64 = 0
  /// The label values are not escaped.
  var isRaw = false

  mutating func reset() {
    quotedName = nil
    labelCount = 0
    labelSum = 0
    isRaw = false
  }

  /// The labels in the order written.
  @inline(__always) var labels: ContiguousArray<LabelSpan>.SubSequence { storage[..<labelCount] }

  @inline(__always) var count: Int { labelCount }

  @inline(__always) subscript(index: Int) -> LabelSpan { storage[index] }

  /// Overwrites what an earlier line left there: emptying the storage costs more than the whole label.
  @inline(__always) mutating func append(_ label: LabelSpan) {
    if labelCount < storage.count { storage[labelCount] = label } else { storage.append(label) }
    labelCount += 1
    labelSum &+= label.hash
  }
}

/// A piece of the text: the content of a quoted string, or a bare name.
struct TextSpan {
  var start: Int32
  var end: Int32
  /// It holds backslashes that mean something.
  var isEscaped: Bool

  @inline(__always) init(_ start: Int, _ end: Int, isEscaped: Bool) {
    self.start = Int32(truncatingIfNeeded: start)
    self.end = Int32(truncatingIfNeeded: end)
    self.isEscaped = isEscaped
  }
}

struct LabelSpan {
  var name: TextSpan
  var value: TextSpan
  var nameHash: UInt64
  var hash: UInt64
}

extension ByteView {
  /// The span's text with `\\`, `\"` and `\n` resolved; any other backslash stays, as in Prometheus and its Python client.
  func bytes(_ span: TextSpan) -> [UInt8] {
    let raw = slice(Int(span.start), Int(span.end))
    return span.isEscaped ? Self.unescaped(raw, quotes: true) : Array(raw)
  }

  func string(_ span: TextSpan) -> String {
    span.isEscaped ? String(decoding: bytes(span), as: UTF8.self) : string(Int(span.start), Int(span.end))
  }

  func equals(_ span: TextSpan, _ word: StaticString) -> Bool {
    if !span.isEscaped { return equals(Int(span.start), Int(span.end), word) }
    return bytes(span).elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }

  /// Resolves `\\` and `\n`, and `\"` when `quotes` says so; any other backslash stays.
  static func unescaped(_ raw: UnsafeBufferPointer<UInt8>, quotes: Bool) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(raw.count)
    var index = 0
    while index < raw.count {
      let byte = raw[index]
      if byte == ByteClass.backslash, index + 1 < raw.count {
        let next = raw[index + 1]
        let meaning: UInt8? =
          next == ByteClass.backslash
          ? next : next == UInt8(ascii: "n") ? ByteClass.newline : quotes && next == ByteClass.quote ? next : nil
        if let meaning {
          result.append(meaning)
          index += 2
          continue
        }
      }
      result.append(byte)
      index += 1
    }
    return result
  }
}

extension SeriesHash {
  /// The hash of the text that a span stands for.
  @inline(__always) func span(_ span: TextSpan, in view: ByteView) -> UInt64 {
    if span.isEscaped { return view.bytes(span).withView { bytes($0, 0, $0.count) } }
    return bytes(view, Int(span.start), Int(span.end))
  }
}
