import MediaSync
import TransportStream

/// Lays the time stamps of an input on one axis that never goes back: wraps are undone, jumps are closed up.
///
/// The axis has the input's own values until the first jump. A jump of both tracks (a loop point, a publisher that was started again)
/// begins a new *epoch*, placed so that the track that was further goes on without a hole. The tracks may jump at different
/// moments: what comes of the new epoch is held until both have, at most `holdLimit`. Pure.
struct InputTimeline: Sendable {
  /// Time stamps jumped, by this many seconds more than a frame lasts.
  struct Seam: Sendable, Equatable {
    var seconds: Double
  }

  /// A track that goes on within this much after the other is a hole in it, not a jump.
  static let holeLimit = MediaTicks.ticks(seconds: 3)
  /// A unit up to this much too early is a repetition, not a jump.
  static let repetitionLimit = MediaTicks.ticks(seconds: 0.5)
  static let holdLimit = MediaTicks.ticks(seconds: 1)
  private static let heldUnits = 400

  private struct Epoch {
    /// A stamp of the stream and where it lies on the axis.
    var raw: Int64
    var time: Int64
    var latest: Int64
  }

  private struct Track {
    var isInOldEpoch = false
    var last: Int64
    var step: Int64
  }

  private enum Place {
    case at(Int64)
    case repeated
    case elsewhere
  }

  private var current: Epoch?
  private var old: Epoch?
  private var tracks: [MediaTrack: Track] = [:]
  private var held: [MediaUnit] = []

  /// Places a unit with the stream's own stamps.
  /// - Returns: what is placed now, in order, and the seam before it if there is one.
  mutating func place(_ unit: MediaUnit) -> (units: [MediaUnit], seam: Seam?) {
    if !held.isEmpty { return placeWhileHolding(unit) }
    guard current != nil else {
      current = Epoch(raw: unit.dts, time: unit.dts, latest: unit.dts)
      return (accept(unit, at: unit.dts, old: false), nil)
    }
    switch find(unit) {
    case .placed(let units): return (units, nil)
    case .elsewhere:
      held = [unit]
      return ([], nil)
    }
  }

  /// Places what is still held: nothing more is coming.
  mutating func flush() -> (units: [MediaUnit], seam: Seam?) { held.isEmpty ? ([], nil) : release() }

  private enum Found {
    case placed([MediaUnit])
    case elsewhere
  }

  private mutating func find(_ unit: MediaUnit) -> Found {
    let isInOld = tracks[unit.track]?.isInOldEpoch ?? false
    if isInOld, let old {
      switch position(of: unit, in: old) {
      case .at(let time): return .placed(accept(unit, at: time, old: true))
      case .repeated: return .placed([])
      case .elsewhere: break
      }
    }
    guard let current else { return .elsewhere }
    switch position(of: unit, in: current) {
    case .at(let time): return .placed(accept(unit, at: time, old: false))
    case .repeated: return .placed([])
    case .elsewhere: return .elsewhere
    }
  }

  private mutating func placeWhileHolding(_ unit: MediaUnit) -> (units: [MediaUnit], seam: Seam?) {
    if !held.contains(where: { $0.track == unit.track }), case .placed(let units) = find(unit) { return (units, nil) }
    if let last = held.last, abs(TransportClock.distance(from: last.dts, to: unit.dts)) > Self.holeLimit {
      // It jumped again before the other track came: what was held is placed by itself.
      let (units, seam) = release()
      let (more, _) = place(unit)
      return (units + more, seam)
    }
    held.append(unit)
    let isBoth = held.contains { $0.track == .video } && held.contains { $0.track == .audio }
    let isKnownAlone = tracks.count < 2
    guard
      isBoth || isKnownAlone || held.count >= Self.heldUnits || TransportClock.distance(from: held[0].dts, to: unit.dts) > Self.holdLimit
    else {
      return ([], nil)
    }
    return release()
  }

  /// Begins the new epoch with what is held.
  private mutating func release() -> (units: [MediaUnit], seam: Seam?) {
    let raw = held[0].dts
    var start: Int64?
    for track in MediaTrack.allCases {
      guard let first = held.first(where: { $0.track == track }), let known = tracks[track] else { continue }
      start = max(start ?? .min, known.last + known.step - TransportClock.distance(from: raw, to: first.dts))
    }
    let time = start ?? (current?.latest ?? raw)
    var seam: Seam?
    if let current, let known = tracks[held[0].track] {
      let expected = current.time + TransportClock.distance(from: current.raw, to: raw)
      seam = Seam(seconds: MediaTicks.seconds(expected - known.last - known.step))
    }
    old = current
    for track in tracks.keys { tracks[track]?.isInOldEpoch = true }
    current = Epoch(raw: raw, time: time, latest: time)
    let units = held
    held = []
    var placed: [MediaUnit] = []
    for unit in units {
      let at = time + TransportClock.distance(from: raw, to: unit.dts)
      if let known = tracks[unit.track], at <= known.last { continue }
      placed += accept(unit, at: at, old: false)
    }
    return (placed, seam)
  }

  private func position(of unit: MediaUnit, in epoch: Epoch) -> Place {
    let time = epoch.time + TransportClock.distance(from: epoch.raw, to: unit.dts)
    guard let known = tracks[unit.track] else {
      return abs(time - epoch.latest) <= Self.holeLimit ? .at(time) : .repeated
    }
    if time <= known.last { return time > known.last - Self.repetitionLimit ? .repeated : .elsewhere }
    return time <= epoch.latest + Self.holeLimit ? .at(time) : .elsewhere
  }

  private mutating func accept(_ unit: MediaUnit, at time: Int64, old isOld: Bool) -> [MediaUnit] {
    if isOld {
      if let latest = old?.latest { old?.latest = max(latest, time) }
    } else {
      // The reference moves on, so that differences stay small and wraps are undone.
      current?.raw = unit.dts
      current?.time = time
      if let latest = current?.latest { current?.latest = max(latest, time) }
    }
    var track = tracks[unit.track] ?? Track(last: time, step: unit.track == .video ? 3000 : 1920)
    let step = time - track.last
    if step > 0, step < MediaTicks.perSecond { track.step = step }
    track.last = time
    track.isInOldEpoch = isOld
    tracks[unit.track] = track
    var placed = unit
    placed.dts = time
    placed.pts = time + TransportClock.distance(from: unit.dts, to: unit.pts)
    return [placed]
  }
}
