import MediaSync

/// One elementary stream of an MPEG transport stream, as its program map names it (ISO/IEC 13818-1, 2.4.4.8).
package struct TransportTrack: Sendable, Hashable {
  /// Where its packets are, 0x10 to 0x1FFE.
  package var pid: Int
  /// What it is coded as; see `StreamType`.
  package var streamType: UInt8
  /// Which track it is; nil for neither video nor audio.
  package var track: MediaTrack?
  /// Its descriptors, as they came.
  package var descriptors: [UInt8] = []

  /// A stream whose kind follows from its type and descriptors.
  package init(pid: Int, streamType: UInt8, descriptors: [UInt8] = []) {
    self.pid = pid
    self.streamType = streamType
    self.descriptors = descriptors
    track = StreamType.track(streamType, descriptors: descriptors)
  }
}

extension TransportTrack {
  /// The track as a container names it.
  var facts: TrackFacts {
    let codec = StreamType.codec(self)
    let isText = codec == "dvb_subtitle" || codec == "dvb_teletext"
    return TrackFacts(kind: track?.rawValue ?? (isText ? "subtitle" : "data"), language: language, codec: codec)
  }

  /// The language of an ISO 639 descriptor (ISO/IEC 13818-1, 2.6.18): three letters; nil for none, or one that says nothing.
  private var language: String? {
    var at = 0
    while at + 1 < descriptors.count {
      let length = Int(descriptors[at + 1])
      if descriptors[at] == 0x0A, length >= 3, at + 5 <= descriptors.count {
        let letters = descriptors[(at + 2)..<(at + 5)]
        guard letters.allSatisfy({ (0x61...0x7A).contains($0 | 0x20) }) else { return nil }
        let text = String(decoding: letters, as: UTF8.self).lowercased()
        return text == "und" ? nil : text
      }
      at += 2 + length
    }
    return nil
  }
}

/// The one program that is read of a transport stream: the first of its association table.
package struct TransportProgram: Sendable, Hashable {
  /// Its number, not 0.
  package var number: Int
  /// Where its clock is; 0x1FFF for none.
  package var clockPID: Int
  /// Its streams, in the map's order; at most `ProgramTables.maxTracks`.
  package var tracks: [TransportTrack]

  /// The first video stream.
  package var video: TransportTrack? { tracks.first { $0.track == .video } }
  /// The first audio stream.
  package var audio: TransportTrack? { tracks.first { $0.track == .audio } }
}

/// Stream types (ISO/IEC 13818-1, table 2-34; 0x80 and above: ATSC and registrations).
package enum StreamType {
  package static let h264: UInt8 = 0x1B
  package static let adtsAAC: UInt8 = 0x0F
  package static let privateData: UInt8 = 0x06

  package static func track(_ type: UInt8, descriptors: [UInt8]) -> MediaTrack? {
    switch type {
    case 0x01, 0x02, 0x10, 0x1B, 0x20, 0x21, 0x24, 0x33, 0xD1, 0xEA: .video
    case 0x03, 0x04, 0x0F, 0x11, 0x1C, 0x81, 0x82, 0x84, 0x87: .audio
    // Private data with a descriptor of AC-3, E-AC-3, DTS or AAC (ETSI EN 300 468), or registered as Opus.
    case privateData where has([0x6A, 0x7A, 0x7B, 0x7C], descriptors) || registration(descriptors) == Array("Opus".utf8): .audio
    default: nil
    }
  }

  /// The codec as ffmpeg names it; nil for a type that is not known.
  static func codec(_ track: TransportTrack) -> String? {
    switch track.streamType {
    case 0x01: "mpeg1video"
    case 0x02: "mpeg2video"
    case 0x03, 0x04: "mp2"
    case adtsAAC: "aac"
    case 0x10: "mpeg4"
    case 0x11: "aac_latm"
    case 0x15: "timed_id3"
    case h264: "h264"
    case 0x21: "jpeg2000"
    case 0x24: "hevc"
    case 0x33: "vvc"
    case 0x81: "ac3"
    case 0x82: "dts"
    case 0x84, 0x87: "eac3"
    case 0x86: "scte_35"
    case 0xD1: "dirac"
    case 0xEA: "vc1"
    case privateData where has([0x6A], track.descriptors): "ac3"
    case privateData where has([0x7A], track.descriptors): "eac3"
    case privateData where has([0x7B], track.descriptors): "dts"
    case privateData where has([0x7C], track.descriptors): "aac"
    case privateData where has([0x59], track.descriptors): "dvb_subtitle"
    case privateData where has([0x56], track.descriptors): "dvb_teletext"
    case privateData where registration(track.descriptors) == Array("Opus".utf8): "opus"
    default: nil
    }
  }

  /// What MediaMTX calls a track with this type.
  package static func name(_ track: TransportTrack) -> String {
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
package struct ElementaryUnit: Sendable, Hashable {
  /// Which track it belongs to.
  package var track: MediaTrack
  /// Where it came from, and where a muxer puts it.
  package var pid: Int
  /// What it is coded as.
  package var streamType: UInt8
  /// Presentation time, in units of 1/90000 s. A demuxer gives the 33 bits as they came; a muxer takes any value and wraps it.
  package var pts: Int64
  /// Decoding time likewise; nil when it is the presentation time.
  package var dts: Int64?
  /// Its bytes: H.264 in Annex B, AAC in ADTS, anything else as it came.
  package var payload: [UInt8]
  /// Whether decoding can begin here: said by the transport stream, or an H.264 IDR picture.
  package var isRandomAccess = false

  /// A unit of a track.
  package init(
    track: MediaTrack, pid: Int, streamType: UInt8, pts: Int64, dts: Int64? = nil, payload: [UInt8], isRandomAccess: Bool = false
  ) {
    self.track = track
    self.pid = pid
    self.streamType = streamType
    self.pts = pts
    self.dts = dts
    self.payload = payload
    self.isRandomAccess = isRandomAccess
  }

  /// When it is decoded.
  package var decodingTime: Int64 { dts ?? pts }
}
