import Events
import MediaSync
import TransportStream

/// Durations in the units of MPEG-TS; see `TransportClock`.
enum MediaTicks {
  static let perSecond = TransportClock.ticksPerSecond

  static func seconds(_ ticks: Int64) -> Double { TransportClock.seconds(ticks) }

  /// Ticks of a duration; clamped to ±11 days, so that no sum of a few can overflow.
  static func ticks(seconds: Double) -> Int64 {
    seconds.isNaN ? 0 : Int64((max(-1e6, min(seconds, 1e6)) * Double(perSecond)).rounded())
  }
}

/// One picture, or one frame of audio, with its times in ticks.
struct MediaUnit: Sendable, Equatable {
  var track: MediaTrack
  var dts: Int64
  var pts: Int64
  var payload: [UInt8]
  /// Video: decoding can begin here.
  var isKey = false
}

/// A unit and when it leaves.
struct PacedUnit: Sendable, Equatable {
  var unit: MediaUnit
  var due: RunInstant
}

/// First in, first out; taking from the front costs nothing.
struct FIFO<Element: Sendable>: Sendable {
  private var items: [Element?] = []
  private var head = 0

  var isEmpty: Bool { head == items.count }
  var count: Int { items.count - head }
  var first: Element? { isEmpty ? nil : items[head] }
  var last: Element? { isEmpty ? nil : items[items.count - 1] }

  mutating func append(_ element: Element) { items.append(element) }

  mutating func popFirst() -> Element? {
    guard !isEmpty else { return nil }
    let element = items[head]
    items[head] = nil
    head += 1
    if head > 64, head * 2 > items.count {
      items.removeFirst(head)
      head = 0
    }
    return element
  }
}
