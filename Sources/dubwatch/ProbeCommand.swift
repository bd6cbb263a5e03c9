import ArgumentParser
import Events
import Foundation
import HarnessCore
import MediaSync
import ProcessGuard
import RunModel
import TerminalCanvas
import WireFormats

struct ProbeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe", abstract: "Reads a media stream once and prints its A/V sync.",
    discussion: """
      Timestamp alignment of each 6 s segment, the true offset of sound and picture where the stream carries the flashes and beeps of the \
      test stream, gaps, wraps and seams. A live stream is read until it ends, for --duration, or until ctrl-c. Needs ffmpeg.

      Exit status: 0 good, 1 a track is missing, less than 95 % of the segments lie within the threshold, reading ended before the stream \
      did, or the file is no media file, 3 the stream cannot be had.
      """)

  @Argument(help: ArgumentHelp("An rtmp, rtsp or http URL, a file, or - for standard input.", valueName: "URL|FILE|-"), completion: .file())
  var source: String

  @Option(help: "How many seconds of media are read, 1 to 86400.")
  var duration: Double?

  @Option(help: "Milliseconds that sound and picture may lie apart, 1 to 3000.")
  var threshold: Double = 120

  @Flag(name: .customLong("no-content"), help: "Read packets only: no search for flashes and beeps, a tenth of the work.")
  var noContent = false

  @Flag(help: "Print JSON.")
  var json = false

  mutating func validate() throws {
    if let duration, !(1...86400).contains(duration) { throw ValidationError("--duration is \(duration), but must be 1 to 86400.") }
    guard (1...3000).contains(threshold) else { throw ValidationError("--threshold is \(threshold), but must be 1 to 3000.") }
  }

  mutating func run() async throws {
    let address = try StreamAddress(source)
    if address.transport == .standardInput, Host.isTerminal(0) {
      throw Problem(.usage, "standard input is a terminal: pipe a stream into it")
    }
    if address.transport == .file, access(source, R_OK) != 0 { throw Problem(.file, "\(source): \(String(cString: strerror(errno)))") }
    let processGuard = ProcessGuard()
    let probe = StreamProbe(
      StreamTarget(name: ServiceName(address.defaultName), address: address, probesContent: !noContent),
      options: StreamProbeOptions(mode: .once(mediaSeconds: duration)), clock: ScaledClock(wallOrigin: Host.wallClock()),
      processGuard: processGuard)
    let collector = Collector()
    let limit = duration.map { $0 + 60 }
    let signal = await Signals.run {
      let reading = Task { await probe.run(into: collector) }
      // Media that trickles slower than it plays must not be waited for without end.
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
    await processGuard.shutdown(grace: 1)
    try finish(
      ProbeReport(
        source: address.description, thresholdMilliseconds: threshold, totals: await probe.totals, happenings: await collector.happenings),
      address, signal)
  }

  private func finish(_ report: ProbeReport, _ address: StreamAddress, _ signal: Int32?) throws {
    guard report.totals.facts != nil else {
      if let signal { throw ExitCode(signal) }
      let problem = report.totals.failure ?? Problem(.stream, "no packet came")
      // A file that can be opened and is no stream is bad input; everything else cannot be had.
      guard problem.code == .stream, address.isFinite else { throw problem.at("\(address)") }
      throw Problem(.badInput, "\(address): no media stream: \(problem)")
    }
    setlocale(LC_CTYPE, "")
    let isUnicode = String(cString: nl_langinfo(nl_item(CODESET))) == "UTF-8"
    let text = json ? report.json() : ProbeListing.text(report, isUnicode ? .unicode : .ascii)
    let isWritten = StandardOutput.write(json || isUnicode ? text : Self.ascii(text))
    if let signal { throw ExitCode(signal) }
    guard isWritten, report.isGood else { throw ExitCode(ExitStatus.no) }
  }

  private static func ascii(_ text: String) -> String {
    text.replacingOccurrences(of: "—", with: "-").replacingOccurrences(of: "±", with: "+-").replacingOccurrences(of: " · ", with: ", ")
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
