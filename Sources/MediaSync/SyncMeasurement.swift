import WireFormats

/// One A/V sync measurement of a 6 s segment (data model: *A/V sync measurement*).
package struct SyncMeasurement: Codable, Hashable, Sendable {
  /// Which segment, from 0.
  package var segmentIndex: Int
  /// Presentation time of the video packet nearest to the segment's boundary, in seconds.
  package var videoPTS: Double
  /// Presentation time of the audio packet nearest to it, in seconds.
  package var audioPTS: Double

  /// A measurement of a segment.
  package init(segmentIndex: Int, videoPTS: Double, audioPTS: Double) {
    self.segmentIndex = segmentIndex
    self.videoPTS = videoPTS
    self.audioPTS = audioPTS
  }

  /// Audio minus video, in milliseconds; positive means audio is late.
  package var deltaMilliseconds: Double { (audioPTS - videoPTS) * 1000 }

  /// Whether the delta lies within a threshold: |delta| < threshold.
  package func isWithin(thresholdMilliseconds: Double) -> Bool { abs(deltaMilliseconds) < thresholdMilliseconds }

  /// What the data model forbids in a series of measurements: presentation times that do not rise.
  package static func violations(in measurements: [SyncMeasurement]) -> [ValidationError] {
    var found: [ValidationError] = []
    for (earlier, later) in zip(measurements, measurements.dropFirst()) {
      for (name, before, after) in [
        ("video_pts", earlier.videoPTS, later.videoPTS), ("audio_pts", earlier.audioPTS, later.audioPTS),
      ] where !(after > before) {
        found.append(
          ValidationError(field: name, message: "does not rise from segment \(earlier.segmentIndex) to \(later.segmentIndex)"))
      }
    }
    return found
  }
}
