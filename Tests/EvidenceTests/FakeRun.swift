import Contracts
import Events
import HarnessConfig
import Judging
import MediaSync
import PrometheusText
import RunModel

@testable import HarnessCore

/// A run as its witnesses would tell it: lines of logs, answers of endpoints, a stream that is read, each at its time; played through the
/// program's own readers and judged, in no time.
///
/// What a mutant does to a witness is done here: to the lines, to the answers, to the stream, never to the verdict.
struct FakeRun {
  /// When the wall clock stood at the run's beginning.
  static let start = 1_767_139_200.0
  /// When the scenario begins.
  static let began = 1.0

  struct Line {
    var at: Double
    var text: String
    var service = ServiceName.mediaService
    var isPast = false
  }

  /// The same of this run.
  var wallStart = FakeRun.start
  var contract = BuiltInContracts.spec018
  /// Another contract, by which all is read until a moment; nil where none ever seems to hold.
  var earlier: (contract: Contract, until: Double)?
  var expectations: [RunModel.Expectation] = []
  /// When the steps are over.
  var seconds = 60.0
  var lines: [Line] = []
  /// The page of the worker's metrics from a moment on.
  var pages: [(from: Double, text: String)] = []
  /// Other metrics endpoints, with what they answer all the time.
  var otherPages: [ServiceName: String] = [:]
  /// When no answer of the worker's metrics came.
  var unscraped: [ClosedRange<Double>] = []
  /// Whether the log can be read at all.
  var isLogReadable = true
  /// When lines of the log were, or may have been, lost.
  var losses: [Double] = []
  var services: [ServiceName] = [.mediaService, .speechService, .mediaServer]
  /// Those of them that nobody asks for their health.
  var unasked: Set<ServiceName> = []
  /// From when to when the publisher publishes; nil for never.
  var published: ClosedRange<Double>?
  /// Whether the input comes to its own end then.
  var isPublishedOnce = false
  /// From when to when the output stream can be read, how often its reading is told, and which segments were measured in it.
  var output: ClosedRange<Double>?
  var outages: [ClosedRange<Double>] = []
  var offsetMilliseconds = 9.0
  /// What is heard of each segment of the output; nil for marks without numbers.
  var voices: (@Sendable (Int) -> HeardSegment.Voice)?
  /// How much later each segment comes than the one before, in seconds.
  var lag = 0.0
  var happenings: [(at: Double, Happening)] = []

  mutating func say(_ at: Double, _ level: String, _ message: String, _ fields: String = "") {
    lines.append(Line(at: at, text: Self.line(at, level, message, fields)))
  }

  static func line(_ at: Double, _ level: String, _ message: String, _ fields: String = "") -> String {
    #"{"timestamp":\#(start + at),"level":"\#(level)","msg":"\#(message)"\#(fields.isEmpty ? "" : "," + fields)}"#
  }

  /// Every arrival with what was decided by it.
  func record() -> [RunFold.Step] {
    var fold = RunFold()
    return events().map { item in
      fold.take(
        item.event, at: RunInstant(seconds: item.at), wall: WallTime(epochSeconds: wallStart + item.at), from: item.source)
    }
  }

  /// Shows the state after each arrival.
  func watch(_ look: (RunState) -> Void) {
    var fold = RunFold()
    for item in events() {
      _ = fold.take(item.event, at: RunInstant(seconds: item.at), wall: WallTime(epochSeconds: wallStart + item.at), from: item.source)
      look(fold.state)
    }
  }

  /// The state after all of it was judged.
  func play() -> RunState {
    var fold = RunFold()
    for item in events() {
      _ = fold.take(item.event, at: RunInstant(seconds: item.at), wall: WallTime(epochSeconds: wallStart + item.at), from: item.source)
    }
    return fold.state
  }

  /// How each expectation stands, and why.
  func standings() -> [String: Verdict] {
    Dictionary(play().verdict.entries.map { ($0.expectation.id, $0.verdict) }) { first, _ in first }
  }

  private struct Item {
    var at: Double
    var source: SourceID
    var event: RunEvent
  }

  private func events() -> [Item] {
    var all: [Item] = []
    if let earlier {
      all.append(Item(at: 0, source: .harness, event: .description(description(earlier.contract))))
      all.append(Item(at: earlier.until, source: .harness, event: .description(description(contract))))
    } else {
      all.append(Item(at: 0, source: .harness, event: .description(description(contract))))
    }
    all += harness()
    all += logs()
    all += metrics()
    all += health()
    all += stream()
    // In the order of their times; of one time in the order in which they stand here.
    return all.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
  }

  private func description(_ contract: Contract) -> RunDescription {
    RunDescription(
      scenario: "evidence", environment: "attached", contract: contract, contractReason: "asked for", services: services,
      startedAt: WallTime(epochSeconds: wallStart), expectations: expectations)
  }

  private func harness() -> [Item] {
    func scenario(_ at: Double, _ happening: ScenarioHappening) -> Item {
      Item(at: at, source: .harness, event: .happening(Happening(.scenario(happening), service: "dubwatch", provenance: .own)))
    }
    var items = [
      scenario(Self.began, .began(name: "evidence")), scenario(seconds, .completed(reason: "all is done")),
      scenario(seconds + 1.5, .closed),
    ]
    items += happenings.map { Item(at: $0.at, source: .harness, event: .happening($0.1)) }
    for second in stride(from: 0.5, through: seconds + 1, by: 1) { items.append(Item(at: second, source: .harness, event: .tick)) }
    guard let published else { return items }
    let publisher = SourceID(.publisher, "publisher")
    func told(_ at: Double, _ what: PublisherHappening) -> Item {
      Item(at: at, source: publisher, event: .happening(Happening(.publisher(what), service: "publisher", provenance: .own)))
    }
    items.append(told(published.lowerBound, .started(target: "live/test/in")))
    for second in stride(from: published.lowerBound + 1, through: min(published.upperBound, seconds + 1), by: 1) {
      let media = second - published.lowerBound
      items.append(
        Item(at: second, source: publisher, event: .sample(.publisher(PublisherSample(frames: UInt64(30 * media), mediaSeconds: media)))))
    }
    if isPublishedOnce { items.append(told(published.upperBound, .finished(mediaSeconds: published.upperBound - published.lowerBound))) }
    return items
  }

  private func logs() -> [Item] {
    let source = SourceID(.log, contract.workerService)
    guard isLogReadable else {
      let status = SourceStatus(
        standing: .failing(reason: "no such file", consecutiveFailures: 1, retryInSeconds: 1), target: "log", intervalSeconds: nil)
      return [Item(at: 0.1, source: source, event: .sourceStatus(status))]
    }
    var readers: [ServiceName: LogReader] = [:]
    var holds = earlier?.contract ?? contract
    var items = [Item(at: 0.1, source: source, event: .sourceStatus(SourceStatus(standing: .reading, target: "log", intervalSeconds: nil)))]
    // Right after it is said that another one holds.
    func readAgain() {
      guard let earlier, holds != contract else { return }
      holds = contract
      for (service, var reader) in readers.sorted(by: { $0.key < $1.key }) {
        reader.use(contract)
        items += reader.read([]).map { Item(at: earlier.until, source: SourceID(.log, service), event: $0) }
        readers[service] = reader
      }
    }
    for line in lines.sorted(by: { $0.at < $1.at }) {
      if let earlier, line.at >= earlier.until { readAgain() }
      let source = SourceID(.log, line.service)
      var reader = readers[line.service] ?? LogReader(id: source, contract: holds, hostUTCOffsetSeconds: 0)
      reader.past = line.isPast ? .all : .none
      reader.now = WallTime(epochSeconds: wallStart + line.at)
      items += reader.read([line.text]).map { Item(at: line.at, source: source, event: $0) }
      readers[line.service] = reader
    }
    readAgain()
    for loss in losses {
      let lost = Happening(.linesLost(LostLines(lines: nil, cause: .truncated)), service: contract.workerService, provenance: .own)
      items.append(Item(at: loss, source: source, event: .happening(lost)))
    }
    return items
  }

  private func metrics() -> [Item] {
    var items: [Item] = []
    var all = [(contract.workerService, pages)]
    all += otherPages.sorted { $0.key < $1.key }.map { ($0.key, [(from: 0, text: $0.value)]) }
    for (service, pages) in all where !pages.isEmpty {
      let source = SourceID(.metrics, service)
      items.append(
        Item(at: 0.1, source: source, event: .sourceStatus(SourceStatus(standing: .reading, target: "metrics", intervalSeconds: 1))))
      var parser = ExpositionParser()
      var resolver = SignalResolver(contract: contract)
      var before = SignalResolver(contract: earlier?.contract ?? contract)
      for second in stride(from: 0.3, through: seconds + 1, by: 1) where !unscraped.contains(where: { $0.contains(second) }) {
        guard let page = pages.last(where: { $0.from <= second })?.text, let scrape = try? parser.parse(page, format: .text) else {
          continue
        }
        let start = scrape.value(of: SeriesKey(name: "process_start_time_seconds"))
        let sample = MetricsSample(
          service: service, scrape: scrape, signals: second < earlier?.until ?? 0 ? before.resolve(scrape) : resolver.resolve(scrape),
          latencyMilliseconds: 2, byteCount: page.utf8.count,
          processStart: start.map { WallTime(epochSeconds: $0) })
        items.append(Item(at: second, source: source, event: .sample(.metrics(sample))))
      }
    }
    return items
  }

  private func health() -> [Item] {
    services.filter { !unasked.contains($0) }.flatMap { service in
      stride(from: 0.6, through: seconds + 1, by: 1).map { second in
        let sample = HealthSample(
          service: service, outcome: .healthy(status: 200, word: "ok", excerpt: ""), latencyMilliseconds: 2, url: "http://localhost/health")
        return Item(at: second, source: SourceID(.health, service), event: .sample(.health(sample)))
      }
    }
  }

  private func stream() -> [Item] {
    let source = SourceID(.stream, "live/test/out")
    func told(_ at: Double, _ what: StreamHappening) -> Item {
      Item(at: at, source: source, event: .happening(Happening(.stream(what), service: "live/test/out", provenance: .observed)))
    }
    guard let output else {
      let status = SourceStatus(
        standing: .failing(reason: "404 Not Found", consecutiveFailures: 9, retryInSeconds: 3), target: "live/test/out", intervalSeconds: 1)
      return published == nil ? [] : [Item(at: 1.5, source: source, event: .sourceStatus(status))]
    }
    let facts = StreamFacts(container: "flv", videoCodec: "h264", framesPerSecond: 30, audioCodec: "aac")
    var items = [told(output.lowerBound, .opened(facts))]
    var read = 0.0
    for second in stride(from: output.lowerBound + 1, through: min(output.upperBound, seconds + 1), by: 1) {
      guard !outages.contains(where: { $0.contains(second) }) else { continue }
      read += 1
      var quality = StreamQuality()
      (quality.pictureSeconds, quality.soundSeconds, quality.integratedLUFS) = (read, read, -22.8)
      items.append(
        Item(
          at: second, source: source,
          event: .sample(
            .stream(
              StreamSample(
                facts: facts, videoPackets: UInt64(30 * read), audioPackets: UInt64(47 * read), videoPTS: read, audioPTS: read,
                content: .found, quality: quality)))))
      let index = Int(read / 6)
      guard read.truncatingRemainder(dividingBy: 6) == 0 else { continue }
      let measured = SyncMeasurement(segmentIndex: index, videoPTS: read, audioPTS: read + offsetMilliseconds / 1000)
      items.append(told(second, .alignment(measured, isScored: true)))
      if let voice = voices?(index - 1) {
        let (dubbed, original) = (voice == .dubbed ? 5 : 0, voice == .original ? 5 : 0)
        var heard = HeardSegment(segmentIndex: index - 1, voice: voice, marks: 5, dubbed: dubbed, original: original)
        heard.arrivals = MarkRhythm.standard.times.enumerated().filter { Int($0.element / 6) == index - 1 }
          .map { MarkArrival(number: $0.offset, seconds: second - read + $0.element + lag * Double(index)) }
        items.append(told(second, .heard(heard)))
      }
      items.append(told(second, .contentOffset(ContentOffset(segmentIndex: index, offsetMilliseconds: offsetMilliseconds, markCount: 5))))
    }
    for outage in outages {
      items.append(told(outage.lowerBound, .closed(reason: "Connection reset by peer")))
      items.append(told(outage.upperBound, .opened(facts)))
    }
    return items
  }
}
