import MediaSync

/// One track on its way to a decoder: its packets get the PID and the counting that the decoder knows, wherever the stream carries them.
struct TransportLane: Sendable {
  /// Where the decoder finds the track.
  static func decoderPID(_ track: MediaTrack) -> Int { track == .video ? 0x100 : 0x101 }

  let track: MediaTrack
  /// Where the stream carries it now.
  private(set) var stream: TransportTrack
  /// Whether a decoder can begin with what has come: sound has begun, or a key frame of the video.
  private(set) var isReady = false
  /// Whether a unit has come.
  private(set) var isSending = false
  /// How much had been sent when it was announced, in seconds.
  let announcedAt: Double
  /// How much had been sent when its coding was announced, in seconds.
  private(set) var codedAt: Double
  /// How much it has sent, in seconds, what time stamps jump over left out.
  private(set) var seconds = 0.0
  /// Packets that are scrambled.
  private(set) var scrambled = 0
  /// How often packets are missing.
  private(set) var losses = 0
  var isSilenceTold = false

  /// Whether what makes a key frame stands so late in its unit that its begin does not show it: then any unit may be one.
  private var hidesKeys = false
  /// Whether the unit at hand has shown neither.
  private var isLooking = false
  private var time: Int64?
  private var countedIn: UInt8?
  private var countedOut: UInt8 = 15
  private var shift: UInt8 = 0
  private var hadDuplicate = false

  init(_ track: MediaTrack, _ stream: TransportTrack, announcedAt: Double) {
    self.track = track
    self.stream = stream
    self.announcedAt = announcedAt
    codedAt = announcedAt
  }

  /// The stream carries the track elsewhere, or coded otherwise.
  /// - Parameter elapsed: how much has been sent.
  mutating func move(to new: TransportTrack, at elapsed: Double) {
    if new.streamType != stream.streamType {
      (isReady, isSending, isSilenceTold) = (false, false, false)
      codedAt = elapsed
    }
    stream = new
    countedIn = nil
    hadDuplicate = false
  }

  /// What a packet is to the decoder.
  struct Passage {
    /// Its continuity counter there.
    var continuity: UInt8
    /// Whether a decoder may begin with it: a unit begins in it, of video a key frame.
    var isEntry: Bool
    /// Whether a unit begins in it.
    var beginsUnit: Bool
  }

  /// Takes a packet in; nil for one that is not passed on: scrambled, or sent twice.
  mutating func take(_ packet: TransportPacket, _ payload: UnsafeRawBufferPointer) -> Passage? {
    guard !packet.isScrambled else {
      scrambled += 1
      return nil
    }
    let step: UInt8 = packet.hasPayload ? 1 : 0
    if let last = countedIn {
      if packet.hasPayload, packet.continuity == last, !packet.isDiscontinuous, !packet.beginsUnit, !hadDuplicate {
        hadDuplicate = true
        return nil
      }
      if !packet.isDiscontinuous, packet.continuity != (last &+ step) & 0x0F { losses += 1 }
    } else {
      // What comes first on a PID follows what came last, for the decoder.
      shift = (countedOut &+ step &- packet.continuity) & 0x0F
    }
    hadDuplicate = false
    countedIn = packet.continuity
    countedOut = (packet.continuity &+ shift) & 0x0F
    let begins = packet.beginsUnit && packet.hasPayload
    var isEntry = false
    if begins {
      isSending = true
      let times = PESTimes(Array(payload))
      if let times { note(times.dts ?? times.pts) }
      let begin = payload.count < 9 ? payload.count : min(payload.count, 9 + Int(payload[8]))
      isEntry = look(UnsafeRawBufferPointer(rebasing: payload[begin...])) || track == .audio || packet.isRandomAccess || hidesKeys
      isReady = isReady || isEntry
    } else if isLooking, packet.hasPayload, !isReady, look(payload) {
      (hidesKeys, isReady) = (true, true)
    }
    return Passage(continuity: countedOut, isEntry: isEntry, beginsUnit: begins)
  }

  /// Whether a part of a unit shows that decoding can begin with it.
  private mutating func look(_ part: UnsafeRawBufferPointer) -> Bool {
    let sight = track == .audio ? nil : KeyFrames.look(stream.streamType, part)
    isLooking = sight == .nothing
    return sight.map { $0 == .key } ?? true
  }

  private mutating func note(_ new: Int64) {
    if let time {
      let step = TransportClock.seconds(TransportClock.distance(from: time, to: new))
      if step > 0, step < 10 { seconds += step }
    }
    time = new
  }
}
