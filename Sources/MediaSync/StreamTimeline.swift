/// Puts the packets of a stream on one axis that only rises: unwraps, finds gaps, and joins what a seam parts.
///
/// Both tracks are moved by the same distance at a seam, so that the axis keeps what lies between them.
struct StreamTimeline: Sendable {
  /// A packet on the axis.
  struct Packet: Hashable, Sendable {
    var track: MediaTrack
    /// When it is shown, in seconds.
    var pts: Double
    /// When it is decoded, in seconds.
    var dts: Double
    var isKeyFrame: Bool
    /// Whether both of its times were told by the container.
    var isTimed = true
  }

  /// What comes of a packet.
  enum Output: Hashable, Sendable {
    case packet(Packet)
    case happening(StreamHappening)
    /// What comes now belongs to another piece: nothing may be measured across this place.
    case seam(at: Double)
  }

  /// A fall of this much, in seconds, is a seam and no unordered packet.
  static let backwardLimit = 0.5
  /// A rise of more than this, in seconds, is a restart with another clock and no gap.
  static let forwardLimit = 10.0
  /// A gap is at least this long, in seconds, and three packets.
  static let shortestGap = 0.25
  /// A rise of one track alone by more than this, in seconds, is another clock: nothing is missing for an hour while the other track goes on.
  static let longestGap = 3600.0
  /// How long the other track may go on undisturbed until a jump is that of one track alone: in seconds, and in packets that wait.
  static let otherTrackLimit = (seconds: 2.0, packets: 200)

  var tracks: [MediaTrack: Track] = [:]
  /// Axis minus unwrapped time stamp, in seconds.
  private(set) var offset = 0.0
  private var container: String?
  private var bases: [MediaTrack: TimeBase] = [:]
  private var mustReopen = false
  private var disorder: [MediaTrack: [StreamDefect.Kind: StreamDefect]] = [:]

  struct Track: Sendable {
    var base: TimeBase
    var unwrapper: TimestampUnwrapper
    /// The newest decoding time before ``StreamTimeline/offset``, in seconds.
    var dts: Double?
    /// The largest presentation time before ``StreamTimeline/offset``, in seconds.
    var maxPTS: Double?
    var interval = PacketInterval()
    /// Packets after a jump, until it is clear what the jump is.
    var held: [Packet] = []
    /// Where the other track was when the first of them came.
    var otherAtHold: Double?
    var frames = FrameQueue()
    /// Numbers that pictures show; see ``MarkCode``.
    var numbers = FrameQueue()
  }

  /// What is known of the container and the tracks' units; to be said before their packets come.
  mutating func describe(container: String?, bases: [MediaTrack: TimeBase]) {
    guard container != self.container || bases != self.bases else { return }
    self.container = container
    self.bases = bases
    for (track, base) in bases where tracks[track]?.dts == nil {
      tracks[track] = Track(base: base, unwrapper: TimestampUnwrapper(container: container, base: base))
    }
  }

  /// The stream is opened anew: what comes goes on after what was, whatever its time stamps are.
  mutating func reopen() {
    mustReopen = tracks.values.contains { $0.maxPTS != nil } || mustReopen
    let end = end
    for (track, base) in bases {
      tracks[track] = Track(base: base, unwrapper: TimestampUnwrapper(container: container, base: base))
    }
    reopenAfter = end ?? reopenAfter
  }
  private var reopenAfter: Double?

  /// The newest place on the axis, in seconds; nil before the first packet.
  var end: Double? { tracks.values.compactMap(\.maxPTS).max().map { $0 + offset } }

  /// Takes a packet in.
  mutating func add(_ raw: RawPacket) -> [Output] {
    guard let pts = raw.pts ?? raw.dts, var state = tracks[raw.track] else { return [] }
    var out: [Output] = []
    if state.dts == nil, let other = self.other(raw.track)?.dts {
      state.unwrapper.begin(near: Int64(min(max(other / state.base.seconds, -1e18), 1e18)))
    }
    let decode = state.unwrapper.unwrap(raw.dts ?? pts)
    if decode.isWrap { out.append(.happening(.wrap(raw.track))) }
    let show = state.unwrapper.nearest(pts, to: decode.ticks)
    let packet = Packet(
      track: raw.track, pts: state.base.seconds(show), dts: state.base.seconds(decode.ticks), isKeyFrame: raw.isKeyFrame,
      isTimed: raw.dts != nil)
    tracks[raw.track] = state
    if mustReopen {
      mustReopen = false
      offset = (reopenAfter ?? 0) + 1 - packet.pts
      out.append(.seam(at: reopenAfter ?? 0))
    }
    place(packet, state, &out)
    return out
  }

  /// What waits goes on the axis as it is: nothing more will come.
  mutating func finish() -> [Output] {
    var out: [Output] = []
    for track in MediaTrack.allCases where !(tracks[track]?.held.isEmpty ?? true) { settleAlone(track, &out) }
    return out + untoldDisorder()
  }

  private func other(_ track: MediaTrack) -> Track? { tracks[track == .video ? .audio : .video] }

  private mutating func place(_ packet: Packet, _ state: Track, _ out: inout [Output]) {
    guard let last = state.dts else { return accept(packet, &out) }
    let expected = last + state.interval.seconds
    if state.held.isEmpty {
      let jump = packet.dts - last
      guard jump < -Self.backwardLimit || packet.dts - expected > Self.forwardLimit else { return accept(packet, &out) }
      let otherDTS = other(packet.track)?.dts
      tracks[packet.track]?.otherAtHold = otherDTS
    } else if abs(packet.dts - expected - Double(state.held.count) * state.interval.seconds) < 1 {
      // Back in line: what was held was damaged.
      tracks[packet.track]?.held = []
      return accept(packet, &out)
    }
    tracks[packet.track]?.held.append(packet)
    settle(packet.track, &out)
  }

  private mutating func settle(_ track: MediaTrack, _ out: inout [Output]) {
    guard let state = tracks[track] else { return }
    guard let other = other(track), let otherDTS = other.dts else {
      if state.held.count >= 3 { join(&out) }
      return
    }
    if !other.held.isEmpty { return join(&out) }
    let hasGoneOn = state.otherAtHold.map { otherDTS - $0 > Self.otherTrackLimit.seconds } ?? false
    if hasGoneOn || state.held.count >= Self.otherTrackLimit.packets { settleAlone(track, &out) }
  }

  /// Both tracks jump: a loop point or a restart. The axis goes on.
  private mutating func join(_ out: inout [Output]) {
    let jumped = MediaTrack.allCases.filter { !(tracks[$0]?.held.isEmpty ?? true) }
    guard let lead = jumped.first, let state = tracks[lead], let first = state.held.first, let last = state.dts, let end = state.maxPTS
    else { return }
    let jump = first.dts - last - state.interval.seconds
    let at = end + offset
    let shift = jumped.compactMap { track -> Double? in
      guard let state = tracks[track], let end = state.maxPTS, let begin = state.held.map(\.pts).min() else { return nil }
      return end + state.interval.seconds - begin
    }.max()
    offset += shift ?? 0
    out.append(.happening(.seam(bySeconds: jump, atPTS: at)))
    out.append(.seam(at: at))
    for track in jumped { release(track, &out) }
  }

  /// One track jumps alone: its time stamps are left as they are, as what is wrong between the tracks must be seen.
  private mutating func settleAlone(_ track: MediaTrack, _ out: inout [Output]) {
    guard let state = tracks[track], let first = state.held.first, let last = state.dts, let end = state.maxPTS else { return }
    let jump = first.dts - last - state.interval.seconds
    if jump > 0, jump <= Self.longestGap {
      out.append(.happening(.gap(track, seconds: jump, atPTS: end + offset)))
    } else {
      out.append(.happening(.defect(StreamDefect(.jumps, track, seconds: jump, atPTS: end + offset))))
      out.append(.seam(at: end + offset))
    }
    release(track, &out)
  }

  private mutating func release(_ track: MediaTrack, _ out: inout [Output]) {
    guard let held = tracks[track]?.held else { return }
    tracks[track]?.held = []
    tracks[track]?.dts = nil
    tracks[track]?.maxPTS = nil
    tracks[track]?.frames.closePiece()
    tracks[track]?.numbers.closePiece()
    for packet in held.sorted(by: { $0.dts < $1.dts }) { accept(packet, &out) }
  }

  private mutating func accept(_ packet: Packet, _ out: inout [Output]) {
    guard var state = tracks[packet.track] else { return }
    if let last = state.dts {
      let step = packet.dts - last
      if packet.isTimed, step <= 0 { noteDisorder(step, packet, &out) }
      let extra = step - state.interval.seconds
      if state.interval.isKnown, extra > max(Self.shortestGap, 3 * state.interval.seconds), let end = state.maxPTS {
        out.append(.happening(.gap(packet.track, seconds: extra, atPTS: end + offset)))
      } else {
        state.interval.note(step)
      }
    }
    state.dts = packet.dts
    state.maxPTS = max(state.maxPTS ?? packet.pts, packet.pts)
    state.frames.note(packet.pts, offset: offset)
    if packet.track == .video { state.numbers.note(packet.pts, offset: offset) }
    tracks[packet.track] = state
    var moved = packet
    moved.pts += offset
    moved.dts += offset
    out.append(.packet(moved))
  }
}

extension StreamTimeline {
  /// Decoding times that fall a little, or come twice: told at the first, the tenth, the hundredth time.
  private mutating func noteDisorder(_ step: Double, _ packet: Packet, _ out: inout [Output]) {
    let kind = step < 0 ? StreamDefect.Kind.falls : .repeats
    var defect = disorder[packet.track]?[kind] ?? StreamDefect(kind, packet.track, seconds: 0, atPTS: packet.pts + offset, count: 0)
    let count = (defect.count ?? 0) + 1
    defect.count = count
    defect.seconds = min(defect.seconds ?? 0, step)
    disorder[packet.track, default: [:]][kind] = defect
    if StreamDefect.isTold(count) { out.append(.happening(.defect(defect))) }
  }

  /// What was counted and not yet told.
  func untoldDisorder() -> [Output] {
    MediaTrack.allCases.flatMap { track in
      [StreamDefect.Kind.falls, .repeats].compactMap { kind in
        guard let defect = disorder[track]?[kind], let count = defect.count, !StreamDefect.isTold(count) else { return nil }
        return .happening(.defect(defect))
      }
    }
  }
}

/// How long a packet of a track lasts: a slow mean of what was seen.
struct PacketInterval: Sendable {
  /// In seconds; 0 before the first.
  private(set) var seconds = 0.0
  private var count = 0

  /// Whether enough packets were seen to tell a gap.
  var isKnown: Bool { count >= 5 }

  mutating func note(_ step: Double) {
    guard step > 0 else { return }
    seconds = count == 0 ? step : seconds + (min(step, 4 * seconds) - seconds) * max(0.1, 1 / Double(count + 1))
    count = min(count + 1, 1000)
  }
}
