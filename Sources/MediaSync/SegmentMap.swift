/// Which segment a time lies in: segments of one length from an origin, and from a new one after each seam, counted on.
struct SegmentMap: Sendable {
  /// The data model's length of a segment, in seconds.
  static let standardSeconds = 6.0

  private struct Piece: Sendable {
    var origin: Double
    var firstIndex: Int
    /// Where the seam is that ends it; nil for the newest.
    var end: Double?
  }

  let seconds: Double
  private var pieces: [Piece] = []
  /// The index that the first segment of the next piece gets.
  private(set) var nextIndex = 0

  init(seconds: Double = SegmentMap.standardSeconds) { self.seconds = seconds.isFinite ? max(0.1, seconds) : Self.standardSeconds }

  /// Segments are counted from here on.
  mutating func begin(at origin: Double) {
    pieces.append(Piece(origin: origin, firstIndex: nextIndex))
    if pieces.count > 32 { pieces.removeFirst() }
  }

  /// A seam: what comes now is counted from the next origin.
  mutating func end(at time: Double) {
    guard let last = pieces.indices.last, pieces[last].end == nil else { return }
    pieces[last].end = time
    nextIndex = pieces[last].firstIndex + max(0, Int(((time - pieces[last].origin) / seconds).rounded(.down))) + 1
  }

  /// The segment of a time, and whether it is one that counts: before an origin none does, and it has the number before the first.
  func index(of time: Double) -> (index: Int, isScored: Bool) {
    // The end of a piece belongs to it: the seam's last packet was still shown there.
    guard let piece = pieces.last(where: { $0.origin <= time }) else { return ((pieces.first?.firstIndex ?? 0) - 1, false) }
    let index = piece.firstIndex + Int(min(max(0, (time - piece.origin) / seconds), 1e12))
    if let end = piece.end, time > end + 0.1 { return (index, false) }
    return (index, true)
  }

  /// From where to where a segment goes.
  struct Span: Hashable, Sendable {
    var begin: Double
    var end: Double
    /// Whether no seam cuts it short by more than a twentieth.
    var isWhole: Bool
  }

  /// The first segment that there is; nil before an origin.
  var firstIndex: Int? { pieces.first?.firstIndex }

  /// The first segment of the piece behind that of a segment; nil where none has begun.
  func firstIndex(after index: Int) -> Int? { pieces.first { $0.firstIndex > index }?.firstIndex }

  /// From where to where a segment goes; nil before its piece has begun.
  func span(of index: Int) -> Span? {
    guard let piece = pieces.last(where: { $0.firstIndex <= index }) else { return nil }
    let begin = piece.origin + Double(index - piece.firstIndex) * seconds
    let end = min(piece.end ?? .infinity, begin + seconds)
    guard end > begin else { return nil }
    return Span(begin: begin, end: end, isWhole: end - begin > 0.95 * seconds)
  }

  /// When a segment's successor begins, as far as that is known.
  func end(of index: Int) -> Double? {
    guard let piece = pieces.last(where: { $0.firstIndex <= index }) else { return nil }
    let end = piece.origin + Double(index - piece.firstIndex + 1) * seconds
    return piece.end.map { min($0, end) } ?? end
  }
}
