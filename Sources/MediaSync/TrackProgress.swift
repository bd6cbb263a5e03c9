/// How far the packets of a stream's tracks have come, counted by what each packet adds: jumps of a track alone do not count.
struct TrackProgress: Sendable {
  /// What was counted of one track.
  struct Count: Sendable {
    /// The presentation time of the first packet, in seconds on the axis.
    var firstPTS: Double
    /// The same of the newest.
    var lastPTS: Double
    /// Media from the first packet on, holes of less than ``StreamTimeline/forwardLimit`` included, in seconds.
    var seconds = 0.0
    /// Media that packets follow one another in, without holes, in seconds.
    var coveredSeconds = 0.0
    /// How many packets follow another without a hole.
    var steps = 0
    /// Where it began since the stream was opened, and how much had come by then; nil until it has.
    fileprivate var opening: (pts: Double, seconds: Double)?
    fileprivate var dts: Double
    fileprivate var interval = PacketInterval()
    /// How far the other track had come when the newest packet came.
    fileprivate var otherSeconds: Double
    fileprivate var isStopTold = false

    /// Packets per second as counted; nil for too few of them.
    var packetsPerSecond: Double? { steps >= 50 && coveredSeconds >= 2 ? Double(steps) / coveredSeconds : nil }
  }

  /// How much later one track begins than the other until that is said, in seconds.
  static let lateTolerance = 1.0
  /// How far the other track goes on until a track has stopped, in seconds: more than any container interleaves.
  static let stopSeconds = 5.0

  private(set) var counts: [MediaTrack: Count] = [:]
  /// Whether time stamps of one track lie beside those of the other: then no difference of the two means anything.
  private(set) var isApart = false

  /// Takes a packet in; what it shows to be wrong.
  mutating func note(_ packet: StreamTimeline.Packet) -> [StreamDefect] {
    let other: MediaTrack = packet.track == .video ? .audio : .video
    let otherSeconds = counts[other]?.seconds ?? 0
    var out: [StreamDefect] = []
    if counts[packet.track]?.opening == nil, let first = counts[other], let opening = first.opening {
      out += begin(packet, opening.pts, first.seconds - opening.seconds)
    }
    if var count = counts[packet.track] {
      let step = packet.dts - count.dts
      if step > 0, step <= StreamTimeline.forwardLimit {
        count.seconds += step
        if !count.interval.isKnown || step <= max(StreamTimeline.shortestGap, 4 * count.interval.seconds) {
          count.coveredSeconds += step
          count.steps += 1
          count.interval.note(step)
        }
      }
      count.opening = count.opening ?? (packet.pts, count.seconds)
      count.dts = packet.dts
      count.lastPTS = packet.pts
      count.otherSeconds = otherSeconds
      count.isStopTold = false
      counts[packet.track] = count
    } else {
      counts[packet.track] = Count(
        firstPTS: packet.pts, lastPTS: packet.pts, opening: (packet.pts, 0), dts: packet.dts, otherSeconds: otherSeconds)
    }
    if let late = stop(of: other) { out.append(late) }
    return out
  }

  /// How much of the other track came since a track's newest packet, in seconds; nil before both began.
  func silence(of track: MediaTrack) -> Double? {
    guard let count = counts[track], let other = counts[track == .video ? .audio : .video] else { return nil }
    return max(0, other.seconds - count.otherSeconds)
  }

  /// The stream is opened anew: its tracks begin again.
  mutating func reopen() { for track in MediaTrack.allCases { counts[track]?.opening = nil } }

  /// The time stamps of one track were seen to jump alone.
  mutating func noteApart() { isApart = true }

  /// The second track begins: with the first one, later, or in quite another place.
  /// - Parameters:
  ///   - firstPTS: where the first track began.
  ///   - seconds: how much of it has come.
  private mutating func begin(_ packet: StreamTimeline.Packet, _ firstPTS: Double, _ seconds: Double) -> [StreamDefect] {
    let distance = packet.pts - firstPTS
    if abs(distance) > StreamTimeline.forwardLimit, abs(distance - seconds) > StreamTimeline.forwardLimit {
      isApart = true
      return [StreamDefect(.beside, packet.track, seconds: distance - seconds, atPTS: packet.pts)]
    }
    guard distance > Self.lateTolerance else { return [] }
    return [StreamDefect(.late, packet.track, seconds: distance, atPTS: packet.pts)]
  }

  private mutating func stop(of track: MediaTrack) -> StreamDefect? {
    guard let silence = silence(of: track), silence > Self.stopSeconds, let count = counts[track], !count.isStopTold else { return nil }
    counts[track]?.isStopTold = true
    return StreamDefect(.stopped, track, atPTS: count.lastPTS)
  }
}
