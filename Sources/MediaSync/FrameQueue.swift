/// Finds the place on a stream's axis for decoded frames, which carry the time stamps that their packets had.
///
/// Frames and packets may come on different ways, so a frame waits until the packets have come as far.
struct FrameQueue: Sendable {
  /// A measured frame.
  struct MeasuredFrame: Hashable, Sendable {
    /// As the reader gives it, in seconds.
    var pts: Double
    var value: Double
    /// Of sound its frequency, in hertz; nil where it was not counted.
    var hertz: Double?
    /// Of a picture its brightest point, of 0 to 255, and how much it differs from the one before; nil where they were not counted.
    var peak: Double?
    var change: Double?
  }

  /// The same on the stream's axis.
  struct PlacedFrame: Hashable, Sendable {
    /// In seconds on the axis.
    var time: Double
    var value: Double
    var hertz: Double?
    var peak: Double?
    var change: Double?
  }

  /// How far behind the newest packet a frame's time may lie, in seconds: a packet of sound holds several.
  static let reach = 0.15
  /// How many frames wait before the first is given up when a later one has its place: its packet was damaged.
  static let patience = 100
  /// How many frames wait at most: 100 s of sound.
  static let limit = 20_000

  private struct Piece: Sendable {
    var offset: Double
    var first: Double
    var last: Double
    var isOpen = true
  }

  private var pieces: [Piece] = []
  private var waiting: [MeasuredFrame] = []
  private var previous: Double?

  /// A packet has come, at a time before `offset`.
  mutating func note(_ pts: Double, offset: Double) {
    if let last = pieces.indices.last, pieces[last].isOpen, pieces[last].offset == offset {
      pieces[last].first = min(pieces[last].first, pts)
      pieces[last].last = max(pieces[last].last, pts)
    } else {
      closePiece()
      pieces.append(Piece(offset: offset, first: pts, last: pts))
      // Pieces that nobody asks for any more (no marks are searched) must not gather.
      if pieces.count > 32 { pieces.removeFirst() }
    }
  }

  /// The packets that come next belong to another piece.
  mutating func closePiece() { if let last = pieces.indices.last { pieces[last].isOpen = false } }

  mutating func add(_ frame: MeasuredFrame) { waiting.append(frame) }

  /// Takes the frames out whose place is known, with their time on the axis.
  /// - Parameter periods: after how many seconds time stamps may begin again; empty when they do not.
  mutating func drain(periods: [Double]) -> [PlacedFrame] {
    var out: [PlacedFrame] = []
    var taken = 0
    while taken < waiting.count, let piece = pieces.first {
      let frame = waiting[taken]
      if let pts = place(of: frame, in: piece, periods) {
        out.append(PlacedFrame(time: pts + piece.offset, value: frame.value, hertz: frame.hertz, peak: frame.peak, change: frame.change))
        previous = pts
        taken += 1
      } else if pieces.count > 1 {
        pieces.removeFirst()
        previous = nil
      } else if isFutile(waiting.count - taken, piece, periods) {
        taken += 1
      } else {
        break
      }
    }
    waiting.removeFirst(taken)
    return out
  }

  /// Whether frames wait.
  var isWaiting: Bool { !waiting.isEmpty }

  private func place(of frame: MeasuredFrame, in piece: Piece, _ periods: [Double]) -> Double? {
    let places = [frame.pts] + periods.map { frame.pts + ((piece.last - frame.pts) / $0).rounded() * $0 }
    return places.first { pts in
      pts >= piece.first - 0.2 && pts <= piece.last + Self.reach && pts > (previous ?? pts - 1) - StreamTimeline.backwardLimit
    }
  }

  /// Whether the first of so many waiting frames will never find its place.
  private func isFutile(_ count: Int, _ piece: Piece, _ periods: [Double]) -> Bool {
    if count > Self.limit { return true }
    guard count > Self.patience, let newest = waiting.last else { return false }
    return place(of: newest, in: piece, periods) != nil
  }
}
