import HarnessCore
import MediaSync
import RunModel
import WireFormats

/// What is said below the figures, and what makes the answer no.
extension ProbeReport {
  /// How far a figure may lie from what the container claims, as a share of it.
  private static let claimTolerance = 0.01

  mutating func addTracks() {
    for track in MediaTrack.allCases {
      let codec = track == .video ? totals.facts?.videoCodec : totals.facts?.audioCodec
      let count = track == .video ? totals.videoPackets : totals.audioPackets
      if codec == nil {
        var text = "there is no \(track.rawValue) track"
        if track == .audio, let index = totals.facts?.audioIndex {
          text += " \(index), counted from 0: there \(Self.count(totals.facts?.tracks?.count { $0.kind == "audio" } ?? 0))"
        }
        remarks.append(Remark(kind: "missing-track", text: text, track: track, isFailure: true))
      } else if count == 0, !defects.contains(where: { $0.kind == .silent && $0.track == track }) {
        let text = "the \(track.rawValue) track is announced, but has no packet"
        remarks.append(Remark(kind: "missing-track", text: text, track: track, isFailure: true))
      }
    }
    addOthers()
  }

  private static func count(_ count: Int) -> String { count == 1 ? "is 1" : "are \(count)" }

  /// Tracks that nobody looked at.
  private mutating func addOthers() {
    guard let tracks = totals.facts?.tracks else { return }
    let read = ["video": 0, "audio": totals.facts?.audioIndex ?? 0]
    var counts: [String: Int] = [:]
    for track in tracks {
      let index = counts[track.kind, default: 0]
      counts[track.kind] = index + 1
      guard read[track.kind] != index else { continue }
      let about = [track.language, track.codec].compactMap(\.self).joined(separator: ", ")
      let choice = track.kind == "audio" ? ": add #audio=\(index) to the address to read it" : ""
      let text = "not judged: \(track.kind) track \(index)" + (about.isEmpty ? "" : " (\(about))") + choice
      remarks.append(Remark(kind: "track-not-read", text: text))
    }
  }

  /// Segments whose sound is that of another, or nowhere.
  mutating func addHeard() {
    for segment in heard where segment.isLost || segment.place == .repeated || segment.place == .swapped {
      let kind = segment.place == .missing ? "lost" : segment.place.rawValue
      remarks.append(Remark(kind: kind, text: "segment \(segment.segmentIndex): \(segment.words)", track: .audio, isFailure: true))
    }
  }

  mutating func addDefects() {
    for defect in defects where defect.kind != .stopped && defect.kind != .speed {
      // It was silent for long, but not to the end.
      let count = defect.track == .audio ? totals.audioPackets : totals.videoPackets
      if defect.kind == .silent || defect.kind == .noKeyFrame, count > 0 { continue }
      let told = defect.told
      // Of a file the rest is there and was not read.
      let isFailure = told.isFailure || defect.kind == .replaced && totals.facts?.claimedSeconds != nil
      remarks.append(
        Remark(
          kind: defect.kind.rawValue, text: told.sentence, track: defect.track, seconds: defect.seconds, atPTS: defect.atPTS,
          isFailure: isFailure))
    }
    guard let off = [fit].compactMap(\.self).first(where: \.isSpeedOff) ?? defects.last(where: { $0.kind == .speed })?.fit else { return }
    remarks.append(Remark(kind: "speed", text: StreamDefect(.speed, fit: off).told.sentence, isFailure: true))
  }

  /// One track that ended in the middle leaves the rest of the other without a counterpart.
  mutating func addEnds() {
    for track in MediaTrack.allCases {
      guard let end = totals.ends[track], end.silentSeconds > Self.endTolerance else { continue }
      let other = track == .video ? MediaTrack.audio : .video
      let text =
        "the \(track.rawValue) ended at \(ProbeListing.fixed(end.pts, 3)) s, \(ProbeListing.fixed(end.silentSeconds, 1)) s before "
        + "the \(other.rawValue)"
      remarks.append(
        Remark(kind: "track-ended", text: text, track: track, seconds: end.silentSeconds, atPTS: end.pts, isFailure: true))
    }
  }

  /// What is claimed beside what was counted, where they differ.
  mutating func addClaims() {
    func differs(_ counted: Double, _ claimed: Double) -> Bool {
      claimed > 0 && abs(counted - claimed) > Self.claimTolerance * claimed
    }
    func number(_ value: Double) -> String { NumberText.rounded(value, 2) }
    if let claimed = totals.facts?.framesPerSecond, let counted = totals.countedFrameRate, differs(counted, claimed) {
      let text = "frame rate: \(number(counted)) fps counted, \(number(claimed)) fps claimed"
      remarks.append(Remark(kind: "frame-rate", text: text, track: .video))
    }
    if let claimed = totals.facts?.sampleRate, let share = totals.decodedShare, differs(share, 1) {
      let text = "sample rate: \(NumberText.fixed(Double(claimed) * share, 0)) Hz by the times of its packets, \(claimed) Hz claimed"
      remarks.append(Remark(kind: "sample-rate", text: text, track: .audio))
    }
    let isApart = defects.contains { $0.kind == .jumps || $0.kind == .beside }
    guard isWhole, !isApart, totals.failure == nil, let claimed = totals.facts?.claimedSeconds, differs(totals.mediaSeconds, claimed),
      abs(totals.mediaSeconds - claimed) > 0.5
    else { return }
    let read = ProbeListing.fixed(totals.mediaSeconds, 1)
    let isShort = totals.mediaSeconds < claimed
    let text =
      isShort
      ? "\(read) of \(ProbeListing.fixed(claimed, 1)) s read: no packet came of the rest that the container claims"
      : "duration: \(read) s counted, \(ProbeListing.fixed(claimed, 1)) s claimed"
    remarks.append(Remark(kind: "duration", text: text, seconds: claimed, isFailure: isShort))
  }

  mutating func addContent() {
    let sight = totals.sight
    switch totals.content {
    case .off, .found: break
    case .searching:
      remarks.append(Remark(kind: "marks-undecided", text: "too little was read to say whether there are flashes and beeps"))
    case .noMarks:
      let unknown = "so the content offset is not known"
      switch (sight.hasFlashRhythm, sight.hasBeepRhythm) {
      case (false, false):
        let text = "no marks: no flashes and beeps in the rhythm of the test stream, \(unknown)"
        remarks.append(Remark(kind: "no-marks", text: text))
      case (true, false):
        let text = "flashes are seen in the rhythm of the test stream, but no beeps are heard in it (\(sight.beeps) heard), \(unknown)"
        remarks.append(Remark(kind: "no-beeps", text: text, track: .audio, isFailure: true))
      case (false, true):
        let text = "beeps are heard in the rhythm of the test stream, but no flashes are seen in it (\(sight.flashes) seen), \(unknown)"
        remarks.append(Remark(kind: "no-flashes", text: text, track: .video, isFailure: true))
      case (true, true):
        let text = "flashes and beeps follow the rhythm of the test stream, but none were seen and heard at one time, \(unknown)"
        remarks.append(Remark(kind: "marks-not-joined", text: text, isFailure: true))
      }
    case .outOfRange:
      let range = ProbeListing.fixed(MarkRhythm.standard.rangeSeconds, 0)
      let text = "out of range: flashes and beeps are there, but further apart than \(range) s"
      remarks.append(Remark(kind: "out-of-range", text: text, isFailure: true))
    }
  }

  mutating func addRules() {
    let name = ProbeListing.fixed(thresholdMilliseconds, 0)
    for (figure, kind, summary) in [
      ("timestamp alignment", "alignment-outside", alignment), ("content offset", "content-offset-outside", contentOffset),
    ] {
      guard let summary, Double(summary.within) < Self.share * Double(summary.count) else { continue }
      let text = "\(figure): \(summary.within) of \(summary.count) segments within ±\(name) ms, but 95 % must be"
      remarks.append(Remark(kind: kind, text: text, isFailure: true))
    }
    for violation in SyncMeasurement.violations(in: segments.filter(\.isScored).map(\.alignment)) {
      remarks.append(Remark(kind: "not-rising", text: violation.description, isFailure: true))
    }
  }

  /// What was not measured is not good.
  mutating func addNothing() {
    guard alignment == nil, contentOffset == nil else { return }
    let why: String
    if totals.videoPackets == 0 || totals.audioPackets == 0 {
      why = "packets of both tracks are needed"
    } else if !segments.isEmpty {
      why = "at no boundary of a segment lies a packet of both tracks near enough"
    } else {
      why = "no video key frame with sound beside it was read"
    }
    remarks.append(Remark(kind: "nothing-measured", text: "nothing was measured: \(why)", isFailure: true))
  }
}
