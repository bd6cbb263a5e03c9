/// Times of a transport stream: 33 bits of 1/90000 s, which come round every 26.5 hours.
package enum TransportClock {
  /// Ticks a second.
  package static let ticksPerSecond: Int64 = 90_000
  /// Where times come round.
  package static let period: Int64 = 1 << 33

  /// A time as it is written.
  package static func wrapped(_ time: Int64) -> Int64 { time & (period - 1) }

  /// The shortest way from one time to another, whatever wrapped between them: -2^32 up to 2^32 - 1.
  package static func distance(from: Int64, to: Int64) -> Int64 {
    let forward = (to &- from) & (period - 1)
    return forward < period / 2 ? forward : forward - period
  }

  package static func seconds(_ ticks: Int64) -> Double { Double(ticks) / Double(ticksPerSecond) }
}
