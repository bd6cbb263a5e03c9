import MediaSync

/// Reads the packets of a transport stream's program for decoders that come and go: one connection, whatever its program map says next.
///
/// A decoder finds out which tracks there are when it begins, and never again. So each gets a stream of its own, of the tracks that can be
/// decoded by then, on PIDs that do not change. When another track can be decoded, or one is coded otherwise, the decoder at hand gets its
/// units to their ends, and the next one begins at a key frame: no picture is lost between them. Total: any bytes may come; memory is
/// bounded by ``holdBytes``.
package struct TransportSelector: Sendable {
  /// What comes out, in order.
  package enum Output: Sendable, Hashable {
    /// Every track that the program map names.
    case tracks([TrackFacts])
    /// A new decoder begins; the one before has all of its bytes. So many seconds of the stream come at once.
    case decoder(Set<MediaTrack>, heldSeconds: Double)
    /// Whole packets of 188 bytes for the decoder at hand.
    case bytes([UInt8])
    /// Units of the tracks have come, whether or not a decoder has them yet.
    case progress
    /// Something is wrong with the stream.
    case defect(StreamDefect)
  }

  /// How long a track that is announced is waited for before the first decoder begins without it, in seconds of the stream.
  static let patience = 3.0
  /// How long a key frame is waited for, in seconds of the stream, and after how many a track that sends nothing is named.
  static let longPatience = 10.0
  /// How many bytes wait for a decoder at most.
  static let holdBytes = 8 << 20
  /// How many decoders a stream gets.
  static let mostDecoders = 50

  private var directory = ProgramDirectory()
  private var told = TransportTold()
  var lanes: [MediaTrack: TransportLane] = [:]
  private var reader = TransportPacketReader(spacings: TransportPacketReader.allSpacings)
  private let audioIndex: Int
  private var plan = DecoderPlan()
  var out: [Output] = []
  private var bytes: [UInt8] = []
  private var leftOut: Set<MediaTrack> = []

  /// - Parameter audioIndex: which of the audio tracks is read, from 0.
  package init(audioIndex: Int = 0) { self.audioIndex = audioIndex }

  /// Whether a program map was found.
  package var hasProgram: Bool { directory.program != nil }

  /// How much of the stream has come, in seconds of the track of which there is more.
  private(set) var elapsed = 0.0
  /// The tracks that can be decoded.
  private var ready: [MediaTrack: TransportTrack] = [:]

  /// How many bytes wait for a decoder.
  var waitingBytes: Int { plan.held.count }

  /// Takes the next bytes.
  package mutating func feed(_ new: [UInt8]) -> [Output] {
    // Taken out meanwhile, so that it can be changed beside the rest.
    var reader = TransportPacketReader()
    swap(&reader, &self.reader)
    new.withUnsafeBytes { new in reader.feed(new) { take($0) } }
    swap(&reader, &self.reader)
    tellFaults()
    return takeOutput()
  }

  /// The decoder at hand could not begin because of one track: the next one gets what comes of the other.
  package mutating func leaveOut(_ track: MediaTrack) {
    leftOut.insert(track)
    (lanes[track], ready[track]) = (nil, nil)
    plan.restart()
    bytes = []
  }

  /// The stream ends.
  package mutating func finish() -> [Output] {
    complete(isForced: true)
    tellFaults(isEnd: true)
    tellEnd()
    return takeOutput()
  }

  private mutating func takeOutput() -> [Output] {
    flushBytes()
    defer { out = [] }
    return out
  }

  private mutating func flushBytes() {
    guard !bytes.isEmpty else { return }
    out.append(.bytes(bytes))
    bytes = []
  }

  private mutating func tellFaults(isEnd: Bool = false) {
    var told = told
    func note(_ kind: StreamDefect.Kind, _ track: MediaTrack?, _ count: Int) {
      if let defect = told.note(kind, track, count, isEnd: isEnd) { out.append(.defect(defect)) }
    }
    note(.garbage, nil, Int(clamping: reader.losses))
    note(.tables, nil, directory.badTables)
    note(.programs, nil, max(0, directory.programCount - 1))
    for (track, lane) in lanes.sorted(by: { $0.key == .video && $1.key != .video }) {
      note(.scrambled, track, lane.scrambled)
      note(.losses, track, lane.losses)
    }
    self.told = told
  }

  private mutating func take(_ packet: UnsafeRawBufferPointer) {
    guard let head = TransportPacket(packet), head.payloadStart <= packet.count else { return }
    let payload = UnsafeRawBufferPointer(rebasing: packet[head.payloadStart...])
    if directory.follows(head.pid) {
      if head.hasPayload, directory.take(head, payload) { follow() }
      return
    }
    guard let track = MediaTrack.allCases.first(where: { lanes[$0]?.stream.pid == head.pid }), var lane = lanes[track] else { return }
    let passage = lane.take(head, payload)
    lanes[track] = lane
    guard let passage else { return }
    if passage.beginsUnit {
      elapsed = max(elapsed, lane.announcedAt + lane.seconds)
      if lane.isReady, ready[track] == nil { ready[track] = lane.stream }
      if out.last != .progress, plan.hasDecoder { out.append(.progress) }
      tellSilence()
    }
    pass(packet, passage, of: track)
  }

  /// The program map is another one.
  private mutating func follow() {
    guard let program = directory.program else { return }
    let isFirst = told.takeFirstMap()
    out.append(.tracks(program.tracks.map(\.facts)))
    let audio = program.tracks.filter { $0.track == .audio }
    let wanted: [MediaTrack: TransportTrack?] = [
      .video: program.video, .audio: audio.indices.contains(audioIndex) ? audio[audioIndex] : nil,
    ]
    var isMoved = false
    var isRecoded = false
    for track in MediaTrack.allCases {
      guard let stream = wanted[track] ?? nil, !leftOut.contains(track) else {
        lanes[track] = nil
        continue
      }
      if let lane = lanes[track] {
        guard lane.stream.pid != stream.pid || lane.stream.streamType != stream.streamType else { continue }
        isMoved = true
        if lane.stream.streamType != stream.streamType { isRecoded = true }
        lanes[track]?.move(to: stream, at: elapsed)
      } else {
        lanes[track] = TransportLane(track, stream, announcedAt: elapsed)
        if told.takeFirst(track), !isFirst, elapsed > 1 {
          out.append(.defect(StreamDefect(.appeared, track, seconds: elapsed)))
        }
      }
    }
    ready = lanes.filter(\.value.isReady).mapValues(\.stream)
    if isMoved, told.takeMove() { out.append(.defect(StreamDefect(isRecoded ? .recoded : .replaced, seconds: elapsed))) }
  }

  private mutating func pass(_ packet: UnsafeRawBufferPointer, _ passage: TransportLane.Passage, of track: MediaTrack) {
    switch plan.place(track, isEntry: passage.isEntry, beginsUnit: passage.beginsUnit, ready: ready, at: elapsed) {
    case .decoder: Self.append(packet, passage, track, to: &bytes)
    case .hold:
      Self.append(packet, passage, track, to: &plan.held)
      plan.noteHeld(track, isEntry: passage.isEntry, beginsUnit: passage.beginsUnit)
      complete(isForced: false)
    case .nowhere:
      if plan.isExhausted, ready[track] != nil, told.takeExhaustion() {
        out.append(.defect(StreamDefect(.unsteady, seconds: elapsed, count: Self.mostDecoders)))
      }
    }
  }

  /// Begins the next decoder where it is time to.
  private mutating func complete(isForced: Bool) {
    guard plan.isWaiting else { return }
    let sending = Set(lanes.filter(\.value.isSending).keys)
    guard
      let next = plan.next(announced: Set(lanes.keys), sending: sending, ready: ready, at: elapsed, isForced: isForced)
    else { return }
    flushBytes()
    out.append(.decoder(Set(next.tracks.keys), heldSeconds: next.heldSeconds))
    var muxer = TransportMuxer(
      MediaTrack.allCases.compactMap { track in
        next.tracks[track].map {
          TransportTrack(pid: TransportLane.decoderPID(track), streamType: $0.streamType, descriptors: $0.descriptors)
        }
      })
    muxer.writeTables(into: &bytes)
    bytes += next.bytes
  }

  /// A packet as the decoder knows it.
  private static func append(
    _ packet: UnsafeRawBufferPointer, _ passage: TransportLane.Passage, _ track: MediaTrack, to bytes: inout [UInt8]
  ) {
    let at = bytes.count
    let pid = TransportLane.decoderPID(track)
    bytes.append(contentsOf: packet)
    bytes[at + 1] = bytes[at + 1] & 0xE0 | UInt8(pid >> 8)
    bytes[at + 2] = UInt8(pid & 0xFF)
    bytes[at + 3] = bytes[at + 3] & 0xF0 | passage.continuity
  }
}
