import Events
import MediaSync

/// Tracks that come later, go on elsewhere, or never come.
extension StreamProbe {
  /// Opens the stream anew where a track came that is not read, and says what is read of it.
  func coverTracks() {
    guard ending != nil, watchdog.hasOpened else { return }
    for defect in coverage.takeSilent() { say(.defect(defect)) }
    guard !coverage.isReopening, let track = MediaTrack.allCases.first(where: { reading.newTracks[$0] != nil && !reading.reads($0) }),
      coverage.canReopen(for: track, after: reading.analysis.mediaSeconds, isFile: target.address.transport == .file, isPaced: isPaced)
    else { return }
    say(.defect(StreamDefect(.appeared, track, seconds: reading.analysis.mediaSeconds)))
    if target.address.transport != .file { say(.defect(StreamDefect(.reopened, track))) }
    if target.address.transport == .file {
      // From its begin, whole.
      reading = StreamReading(rhythm: rhythm, mediaLimit: reading.analysis.mediaLimit, audioIndex: target.address.audioIndex)
    }
    reopen()
  }

  var isPaced: Bool { if case .watch = options.mode { true } else { false } }

  func reopen() {
    coverage.beginReopening()
    if let ending { Task { await ending() } }
  }

  /// Opens the stream anew where its packets have ended and its program map names other tracks.
  func followTracks() {
    guard ending != nil, watchdog.hasOpened, target.address.transport != .file, !coverage.isReopening,
      MediaTrack.allCases.contains(where: { reading.newTracks[$0] != nil && reading.reads($0) }),
      watchdog.silence(now: clock.now()) >= max(1.5, 0.5 * clock.speed), coverage.canFollow()
    else { return }
    say(.defect(StreamDefect(.replaced, atPTS: newestPTS)))
    say(.defect(StreamDefect(.reopened)))
    reopen()
  }

  /// A file whose tracks end where others begin goes on in those: what came of it is not all.
  func sayWhatWasNotRead() {
    guard target.address.transport == .file else { return }
    let isShort = reading.facts?.claimedSeconds.map { reading.analysis.mediaSeconds < 0.99 * $0 } ?? false
    // Nothing was seen of a second one of each kind: those of a later program map.
    let isMapped = MediaTrack.allCases.allSatisfy { reading.reads($0) && reading.hasUnseenTrack($0) }
    let goesOn =
      isMapped
      || MediaTrack.allCases.contains { track in
        guard reading.reads(track) else { return false }
        if isShort, reading.hasUnseenTrack(track) { return true }
        guard case .some(.some(let begin)) = reading.newTracks[track], let end = reading.analysis.lastPTS(of: track) else { return false }
        return end <= begin + 1
      }
    if goesOn { say(.defect(StreamDefect(.replaced, atPTS: newestPTS))) }
  }

  private var newestPTS: Double? { [reading.analysis.videoPTS, reading.analysis.audioPTS].compactMap(\.self).max() }
}
