import Events
import MediaSync
import RunModel

extension HealthOutcome {
  static let good = HealthOutcome.healthy(status: 200, word: "ok", excerpt: "")
}

extension Script {
  mutating func own(_ seconds: Double, _ kind: Happening.Kind) {
    add(seconds, .harness, .happening(Happening(kind, service: "dubwatch", provenance: .own)))
  }

  mutating func publisher(_ seconds: Double, _ happening: PublisherHappening) {
    add(seconds, SourceID(.publisher, "publisher"), .happening(Happening(.publisher(happening), service: "publisher", provenance: .own)))
  }

  mutating func stream(_ seconds: Double, _ happening: StreamHappening) {
    let name = AlarmTests.output
    add(seconds, SourceID(.stream, name), .happening(Happening(.stream(happening), service: name, provenance: .own)))
  }

  mutating func stream(_ seconds: Double, failing reason: String) { source(seconds, .stream, AlarmTests.output, reason) }

  mutating func streamSample(_ seconds: Double, silent: Double) {
    add(seconds, SourceID(.stream, AlarmTests.output), .sample(.stream(StreamSample(silentSeconds: silent, content: .off))))
  }

  mutating func aligned(_ seconds: Double, _ index: Int, _ delta: Double) {
    stream(
      seconds,
      .alignment(
        SyncMeasurement(segmentIndex: index, videoPTS: 6 * Double(index), audioPTS: 6 * Double(index) + delta), isScored: true))
  }

  mutating func source(_ seconds: Double, _ kind: SourceKind, _ name: ServiceName, _ reason: String?, unread: Int? = nil) {
    let standing =
      reason.map { SourceStatus.Standing.failing(reason: $0, consecutiveFailures: 1, retryInSeconds: 1) } ?? .reading
    add(
      seconds, SourceID(kind, name),
      .sourceStatus(SourceStatus(standing: standing, target: "x", intervalSeconds: 1, unreadBytes: unread)))
  }

  mutating func path(_ seconds: Double, _ name: String?, bytes: Int, isReady: Bool = true) {
    let paths = name.map { [MediaPath(name: $0, isReady: isReady, bytesReceived: UInt64(bytes))] } ?? []
    add(
      seconds, SourceID(.mediaServer, .mediaServer),
      .sample(.mediaPaths(MediaPathsSample(service: .mediaServer, paths: paths, latencyMilliseconds: 1))))
  }

  mutating func error(_ seconds: Double, _ text: String) {
    add(seconds, SourceID(.log, .mediaService), .logLines([LogLine(service: .mediaService, text: text, level: .error)]))
  }
}
