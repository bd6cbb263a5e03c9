import Events
import HarnessCore
import MediaSync
import ProcessGuard
import RunModel
import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads a media stream once.
package struct MediaProbe: Sendable {
  private let address: StreamAddress
  private let seconds: Double?
  private let probesContent: Bool

  /// Fails at once for what cannot be read.
  /// - Parameters:
  ///   - source: an rtmp, rtsp or http URL, a file, or `-`.
  ///   - seconds: how many seconds of media are read; nil for all.
  ///   - probesContent: whether flashes and beeps are searched.
  package init(_ source: String, seconds: Double?, probesContent: Bool) throws(Problem) {
    address = try StreamAddress(source)
    self.seconds = seconds
    self.probesContent = probesContent
    if address.transport == .standardInput, Host.isTerminal(0) {
      throw Problem(.usage, "standard input is a terminal: pipe a stream into it")
    }
    if let path = address.filePath, access(path, R_OK) != 0 { throw Problem(.file, "\(path): \(String(cString: strerror(errno)))") }
  }

  /// Reads until the stream ends, so many seconds were read, or a signal comes.
  /// - Parameter threshold: milliseconds that sound and picture may lie apart.
  /// - Returns: the report, and the exit status of a signal.
  package func read(threshold: Double) async -> (report: ProbeReport, status: Int32?) {
    await withProcessGuard(grace: 1) { processGuard in
      let probe = StreamProbe(
        StreamTarget(name: ServiceName(address.defaultName), address: address, probesContent: probesContent),
        options: StreamProbeOptions(mode: .once(mediaSeconds: seconds)), clock: ScaledClock(wallOrigin: Host.wallClock()),
        processGuard: processGuard)
      let collector = Collector()
      // Media that trickles slower than it plays must not be waited for without end.
      let limit = seconds.map { $0 + 60 }
      let status = await ProgressLine("reading the stream").during {
        await Signals.run { await Self.read(probe, into: collector, limit) }.status
      }
      let report = ProbeReport(
        source: address.description, thresholdMilliseconds: threshold, totals: await probe.totals, happenings: await collector.happenings,
        isWhole: seconds == nil && status == nil)
      return (report, status)
    }
  }

  /// Why nothing could be read, for a report without any fact.
  package func problem(_ report: ProbeReport) -> Problem? {
    guard report.totals.facts == nil else { return nil }
    let problem = report.totals.failure ?? Problem(.stream, "no packet came")
    // A file that can be opened and is no stream is bad input; everything else cannot be had.
    guard problem.code == .stream, address.isFinite else { return problem.at("\(address)") }
    return Problem(.badInput, "\(address): no media stream: \(problem)")
  }

  private static func read(_ probe: StreamProbe, into collector: Collector, _ limit: Double?) async {
    let reading = Task { await probe.run(into: collector) }
    let timer = limit.map { seconds in
      Task {
        try await Task.sleep(for: .seconds(seconds))
        reading.cancel()
      }
    }
    await withTaskCancellationHandler {
      await reading.value
    } onCancel: {
      reading.cancel()
    }
    timer?.cancel()
  }

  private actor Collector: EventSink {
    private(set) var happenings: [StreamHappening] = []

    func emit(_ event: RunEvent, from source: SourceID) {
      guard case .happening(let happening) = event, case .stream(let what) = happening.kind else { return }
      // Of a stream that is read for days single marks are no part of the report.
      if case .mark = what { return }
      happenings.append(what)
      if happenings.count > 200_000 { happenings.removeFirst(100_000) }
    }
  }
}
