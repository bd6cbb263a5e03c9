#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The loudness of several pieces of sound as one: what each opening of a stream came to, as its meter begins anew with each.
///
/// The mean of the pieces' energies by their lengths, and of that once more without the pieces that lie more than 10 LU below it: the relative
/// gate of ITU-R BS.1770-5, annex 1, applied to whole pieces. Pieces of one loudness come to that loudness exactly.
package struct LoudnessSum: Codable, Hashable, Sendable {
  private struct Piece: Codable, Hashable, Sendable {
    var lufs: Double
    var seconds: Double
  }

  /// How far below the mean a piece may lie, in LU.
  private static let gate = 10.0
  /// How many pieces are kept apart.
  private static let most = 256

  private var pieces: [Piece] = []

  /// No sound.
  package init() {}

  /// Whether there is none.
  package var isEmpty: Bool { pieces.isEmpty }

  /// Takes a piece in.
  /// - Parameters:
  ///   - lufs: its integrated loudness.
  ///   - seconds: how much of it there was above the absolute gate.
  package mutating func add(_ lufs: Double, seconds: Double) {
    guard lufs.isFinite, seconds > 0, seconds.isFinite else { return }
    pieces.append(Piece(lufs: lufs, seconds: seconds))
    guard pieces.count > Self.most, let merged = Self.mean(pieces.prefix(2)) else { return }
    pieces.replaceSubrange(0..<2, with: [Piece(lufs: merged, seconds: pieces[0].seconds + pieces[1].seconds)])
  }

  /// The loudness of all of it, in LUFS; nil for none.
  package var integrated: Double? {
    guard pieces.count > 1 else { return pieces.first?.lufs }
    return Self.mean(pieces[...]).flatMap { mean in Self.mean(pieces.filter { $0.lufs >= mean - Self.gate }[...]) }
  }

  private static func mean(_ pieces: ArraySlice<Piece>) -> Double? {
    let seconds = pieces.reduce(0) { $0 + $1.seconds }
    guard seconds > 0 else { return nil }
    return 10 * log10(pieces.reduce(0) { $0 + $1.seconds * pow(10, $1.lufs / 10) } / seconds)
  }
}
