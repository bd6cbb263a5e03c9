import MediaSync

/// One elementary stream of an MPEG transport stream, as its program map names it (ISO/IEC 13818-1, 2.4.4.8).
struct TransportTrack: Sendable, Hashable {
  /// Where its packets are, 0x10 to 0x1FFE.
  var pid: Int
  /// What it is coded as; see `StreamType`.
  var streamType: UInt8
  /// Which track it is; nil for neither video nor audio.
  var track: MediaTrack?
  /// Its descriptors, as they came.
  var descriptors: [UInt8] = []

  /// A stream whose kind follows from its type and descriptors.
  init(pid: Int, streamType: UInt8, descriptors: [UInt8] = []) {
    self.pid = pid
    self.streamType = streamType
    self.descriptors = descriptors
    track = StreamType.track(streamType, descriptors: descriptors)
  }
}

/// The one program that is read of a transport stream: the first of its association table.
struct TransportProgram: Sendable, Hashable {
  /// Its number, not 0.
  var number: Int
  /// Where its clock is; 0x1FFF for none.
  var clockPID: Int
  /// Its streams, in the map's order; at most `ProgramTables.maxTracks`.
  var tracks: [TransportTrack]

  /// The first video stream.
  var video: TransportTrack? { tracks.first { $0.track == .video } }
  /// The first audio stream.
  var audio: TransportTrack? { tracks.first { $0.track == .audio } }
}

/// Stream types (ISO/IEC 13818-1, table 2-34; 0x80 and above: ATSC and registrations).
enum StreamType {
  static let h264: UInt8 = 0x1B
  static let adtsAAC: UInt8 = 0x0F
  static let privateData: UInt8 = 0x06

  static func track(_ type: UInt8, descriptors: [UInt8]) -> MediaTrack? {
    switch type {
    case 0x01, 0x02, 0x10, 0x1B, 0x20, 0x21, 0x24, 0x33, 0xD1, 0xEA: .video
    case 0x03, 0x04, 0x0F, 0x11, 0x1C, 0x81, 0x82, 0x84, 0x87: .audio
    // Private data with a descriptor of AC-3, E-AC-3, DTS or AAC (ETSI EN 300 468), or registered as Opus.
    case privateData where has([0x6A, 0x7A, 0x7B, 0x7C], descriptors) || registration(descriptors) == Array("Opus".utf8): .audio
    default: nil
    }
  }

  /// What MediaMTX calls a track with this type.
  static func name(_ track: TransportTrack) -> String {
    switch track.streamType {
    case 0x01, 0x02: "MPEG-1/2 Video"
    case 0x10: "MPEG-4 Video"
    case h264: "H264"
    case 0x24: "H265"
    case 0x03, 0x04: "MPEG-1/2 Audio"
    case adtsAAC, 0x11: "MPEG-4 Audio"
    case 0x81: "AC-3"
    case privateData where registration(track.descriptors) == Array("Opus".utf8): "Opus"
    default: "Generic"
    }
  }

  private static func has(_ tags: Set<UInt8>, _ descriptors: [UInt8]) -> Bool {
    var at = 0
    while at + 1 < descriptors.count {
      if tags.contains(descriptors[at]) { return true }
      at += 2 + Int(descriptors[at + 1])
    }
    return false
  }

  /// The format identifier of a registration descriptor.
  private static func registration(_ descriptors: [UInt8]) -> [UInt8]? {
    var at = 0
    while at + 1 < descriptors.count {
      let length = Int(descriptors[at + 1])
      if descriptors[at] == 0x05, length >= 4, at + 6 <= descriptors.count { return Array(descriptors[(at + 2)..<(at + 6)]) }
      at += 2 + length
    }
    return nil
  }
}

/// One access unit or run of audio frames: the payload of one PES packet.
struct ElementaryUnit: Sendable, Hashable {
  /// Which track it belongs to.
  var track: MediaTrack
  /// Where it came from, and where a muxer puts it.
  var pid: Int
  /// What it is coded as.
  var streamType: UInt8
  /// Presentation time, in units of 1/90000 s. A demuxer gives the 33 bits as they came; a muxer takes any value and wraps it.
  var pts: Int64
  /// Decoding time likewise; nil when it is the presentation time.
  var dts: Int64?
  /// Its bytes: H.264 in Annex B, AAC in ADTS, anything else as it came.
  var payload: [UInt8]
  /// Whether decoding can begin here: said by the transport stream, or an H.264 IDR picture.
  var isRandomAccess = false

  /// When it is decoded.
  var decodingTime: Int64 { dts ?? pts }
}
