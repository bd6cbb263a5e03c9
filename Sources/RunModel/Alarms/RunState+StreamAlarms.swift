import Contracts
import Events
import MediaSync

/// Streams and paths: whether something comes out, and whether audio and video are in step.
extension RunState {
  var streamAlarms: [AlarmDraft] {
    let drafts = streams.all.flatMap {
      [stateAlarm(of: $0), claimedAlarm(of: $0), syncAlarm(of: $0)].compactMap(\.self) + defectAlarms(of: $0) + heardAlarms(of: $0)
        + spanAlarms(of: $0)
    }
    let isMeasured = streams.all.contains { !$0.alignments.isEmpty || !$0.contentOffsets.isEmpty }
    return drafts + paths.compactMap(alarm(of:)) + (isMeasured ? [] : [claimAlarm].compactMap(\.self))
  }

  private func stateAlarm(of track: StreamTrack) -> AlarmDraft? {
    let name = track.name
    var draft = AlarmDraft(
      id: "stream:\(name)", severity: .bad, text: "", service: name, since: track.stalledSince,
      witness: SourceID(.stream, name).description)
    if track.opened != nil {
      guard track.stalledSince != nil else { return nil }
      draft.text = "\(name) stands still: no packets come"
    } else if let closed = track.closed {
      draft.since = closed.at
      draft.text = "\(name) is closed: \(closed.value)"
      // Where nobody publishes any more it may be as it should; that a reader died says nothing of the stream.
      if track.isReaderLost || (isPublishingTold && published == nil) { draft.severity = .warning }
    } else {
      return neverOpened(track, draft)
    }
    return isPartOfOutputEnd(draft.since) ? nil : draft
  }

  /// The worker tells of segments that came out, and nothing comes out of the stream: one of the two is wrong.
  private func claimedAlarm(of track: StreamTrack) -> AlarmDraft? {
    // Of several workers, or streams, nobody says which of them this stream is of.
    guard !track.name.isInputStream, !track.isReaderLost, lanes.others.isEmpty else { return nil }
    guard let since = track.opened == nil ? track.closed?.at : track.stalledSince else { return nil }
    // What came out right before it ended may be told of after it.
    let from = since.advanced(bySeconds: segmentSeconds)
    let claimed = segments.output.count(after: from)
    guard claimed > 0, !isPartOfOutputEnd(since) else { return nil }
    return AlarmDraft(
      id: "claimed:\(track.name)", severity: .bad,
      text:
        "\(worker) says that \(Figure.count(claimed, "segment")) came out since, and nothing comes out of \(track.name)",
      service: track.name, since: since, sureness: .observed, witness: SourceID(.stream, track.name).description, category: .sync)
  }

  /// A stream that was not open yet: only wrong where something is published that should come out of it.
  private func neverOpened(_ track: StreamTrack, _ draft: AlarmDraft) -> AlarmDraft? {
    var draft = draft
    guard let source = sources[SourceID(.stream, track.name)], case .failing(let reason, _, _) = source.status.standing else { return nil }
    guard isPublishingTold else {
      draft.severity = .warning
      draft.since = source.since
      draft.text = "\(track.name) is not open: \(Self.bare(reason))"
      return isPartOfOutputEnd(draft.since) ? nil : draft
    }
    // Of the last try: a reader that waits for its next one knows nothing of the time since.
    guard let published, source.updatedAt.seconds(since: published.since) > Self.startSegments * segmentSeconds else {
      return nil
    }
    draft.id = "unopened:\(track.name)"
    draft.text = "\(track.name) is not open although \(published.words): \(Self.bare(reason))"
    draft.category = .sync
    return isPartOfOutputEnd(nil) ? nil : draft
  }

  /// A reason without the address before it, which is the longest of it and says the least.
  private static func bare(_ reason: String) -> String {
    guard let scheme = reason.firstRange(of: "://"), !reason[..<scheme.lowerBound].contains(" "),
      let end = reason[scheme.upperBound...].firstRange(of: ": ")
    else { return reason }
    return String(reason[end.upperBound...])
  }

  /// Whether a run of ours has just begun: no segment can have come out yet, so that its stream is not there is as it should be.
  func isBeforeOutput(_ name: ServiceName) -> Bool {
    guard description?.scenario != nil, !name.isInputStream else { return false }
    let wasOpen = streams[name].map { $0.opened != nil || $0.closed != nil } ?? false
    return !wasOpen && now.seconds < Self.startSegments * segmentSeconds
  }

  /// How many segments a pipeline may take until its first one comes out.
  private static let startSegments = 3.0

  /// How many segments in a row out of step are wrong whatever the share of all.
  private static let lastSegments = 3

  /// What is wrong with the tracks of an open stream, and lasts.
  private func defectAlarms(of track: StreamTrack) -> [AlarmDraft] {
    guard track.opened != nil else { return [] }
    return track.defects.compactMap { defect in
      let at = defect.at
      let defect = defect.value
      guard defect.told.isFailure, isLasting(defect, of: track), !isPartOfOutputEnd(at) else { return nil }
      let kind = [defect.kind.rawValue, defect.track?.rawValue].compactMap(\.self).joined(separator: ":")
      return AlarmDraft(
        id: "stream:\(kind):\(track.name)", severity: .bad, text: "\(track.name): \(defect.told.sentence)", service: track.name, since: at,
        witness: SourceID(.stream, track.name).description)
    }
  }

  /// Whether it is so now: speeds are by the newest marks, a track that had stopped may go on.
  private func isLasting(_ defect: StreamDefect, of track: StreamTrack) -> Bool {
    switch defect.kind {
    case .speed: track.fit?.isSpeedOff == true
    case .stopped:
      defect.atPTS.map { (defect.track == .audio ? track.sample?.value.audioPTS : track.sample?.value.videoPTS) ?? $0 <= $0 } ?? true
    case .silent, .noKeyFrame:
      (defect.track == .audio ? track.sample?.value.audioPackets : track.sample?.value.videoPackets) ?? 0 == 0
    case .jumps, .beside, .late, .appeared, .replaced, .recoded, .reopened, .falls, .repeats, .unplaced, .undecodable, .scrambled, .losses,
      .garbage,
      .tables,
      .programs,
      .unsteady:
      true
    }
  }

  private func syncAlarm(of track: StreamTrack) -> AlarmDraft? {
    let content = track.contentOffsets.map(\.value.offsetMilliseconds)
    let timestamps = track.alignments.map(\.value.deltaMilliseconds)
    return syncAlarm(of: track.name, "content", content, SourceID(.stream, track.name).description, .observed)
      ?? syncAlarm(of: track.name, "timestamps", timestamps, SourceID(.stream, track.name).description, .observed)
  }

  /// What the service claims counts as a claim, and only where its sign is known: the absolute value of contract `media-service` lies far
  /// beyond any threshold in healthy runs.
  var claimAlarm: AlarmDraft? {
    guard !sync.claimIsUnsigned, metricsStaleSeconds == nil else { return nil }
    return syncAlarm(of: worker, "claims", sync.claims.map(\.value), SourceID(.metrics, metricsService).description, .claimed)
  }

  private func syncAlarm(
    of name: ServiceName, _ figure: String, _ offsets: [Double], _ witness: String, _ sureness: Alarm.Sureness
  ) -> AlarmDraft? {
    guard let last = offsets.last else { return nil }
    let limit = thresholds.syncMilliseconds
    let within = offsets.count { abs($0) < limit }
    let outside = offsets.reversed().prefix { !(abs($0) < limit) }.count
    let share = Double(within) / Double(offsets.count)
    guard share < thresholds.syncShare || outside >= Self.lastSegments else { return nil }
    let what = sureness == .claimed ? "claims" : "segments"
    var text = "A/V sync of \(name), \(figure): \(within) of \(offsets.count) \(what) within \(Figure.milliseconds(limit))"
    text += share < thresholds.syncShare ? ", \(Figure.percent(thresholds.syncShare)) needed" : ""
    text += outside > 0 ? "; the last \(outside == 1 ? "" : "\(outside) ")at \(Figure.offset(last))" : "; back in step"
    return AlarmDraft(
      id: "sync:\(figure):\(name)", severity: sureness == .claimed || outside == 0 ? .warning : .bad, text: text, service: name,
      sureness: sureness, witness: witness, category: .sync)
  }

  private func alarm(of track: PathTrack) -> AlarmDraft? {
    guard track.silentSeconds != nil, isCurrent(track), !isPartOfOutputEnd(track.bytesMovedAt) else { return nil }
    return AlarmDraft(
      id: "path:\(track.service):\(track.path.name)", severity: .bad, text: "the publisher of \(track.path.name) sends nothing",
      service: track.service, since: track.bytesMovedAt, witness: SourceID(.mediaServer, track.service).description, category: .service)
  }
}
