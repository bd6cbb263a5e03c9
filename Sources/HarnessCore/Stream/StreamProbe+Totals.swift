import MediaSync
import WireFormats

extension StreamProbe {
  /// What was read, for who reads once.
  package struct Totals: Sendable, Hashable {
    /// What the stream carries; nil when it was never opened.
    package var facts: StreamFacts?
    /// Video packets.
    package var videoPackets: UInt64
    /// Audio packets.
    package var audioPackets: UInt64
    /// Payload of both, in bytes.
    package var byteCount: UInt64
    /// How much media was read, in seconds.
    package var mediaSeconds: Double
    /// How a track ended; nil for one that never began.
    package var ends: [MediaTrack: TrackEnd]
    /// Video frames per second as counted; nil for too few.
    package var countedFrameRate: Double?
    /// How much sound was decoded for each second that the audio's packets cover; nil where that is not known.
    package var decodedShare: Double?
    /// What was seen and heard of marks.
    package var sight: MarkSight
    /// What all marks since the last jump come to; nil for too few.
    package var fit: MarkFit?
    /// How much was looked at, and how loud it is; nil where pictures and sound were not decoded.
    package var quality: StreamQuality?
    /// How often the last reader complained of what it was given.
    package var complaints: Int
    /// Where the search for marks stands.
    package var content: ContentState
    /// Why reading failed or ended early; nil when the stream was read to its end.
    package var failure: Problem?
  }

  /// How a track ended.
  package struct TrackEnd: Sendable, Hashable {
    /// The presentation time of its last packet, in seconds.
    package var pts: Double
    /// How much of the other track came after it, in seconds.
    package var silentSeconds: Double
  }

  /// What was read by now.
  package var totals: Totals {
    let analysis = reading.analysis
    var ends: [MediaTrack: TrackEnd] = [:]
    for track in MediaTrack.allCases {
      guard let pts = analysis.lastPTS(of: track) else { continue }
      ends[track] = TrackEnd(pts: pts, silentSeconds: analysis.silence(of: track) ?? 0)
    }
    return Totals(
      facts: reading.facts, videoPackets: analysis.videoPackets, audioPackets: analysis.audioPackets, byteCount: analysis.byteCount,
      mediaSeconds: analysis.mediaSeconds, ends: ends, countedFrameRate: analysis.countedFrameRate, decodedShare: analysis.decodedShare,
      sight: analysis.sight, fit: analysis.fit, quality: analysis.quality, complaints: reading.log.errorCount, content: analysis.content,
      failure: failure)
  }
}
