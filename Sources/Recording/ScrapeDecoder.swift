import Events
import MCAP
import PrometheusText
import RunModel
import WireFormats

/// Reads the scrapes of one source back. After a gap nothing is read until the next key frame.
struct ScrapeDecoder: Sendable {
  /// A scrape as it was written.
  struct Frame: Sendable {
    var sample: MetricsSample
    /// Who scraped, where it is not what the channel's name says.
    var source: SourceID?
    var wallDifference: Int64
  }

  private var before: ScrapeShape?
  private var checksum: UInt32 = 0
  private var number: UInt64 = 0
  private var parser = ExpositionParser()

  /// How many frames could not be read because one before them is missing.
  private(set) var unreadable = 0

  /// The scrape of a frame; nil where it rests on one that is missing, or is damaged.
  /// - Parameter service: the service that the channel names.
  mutating func read(_ bytes: ArraySlice<UInt8>, service: ServiceName) -> Frame? {
    do {
      if let frame = try readFrame(bytes, service) {
        checksum = CRC32.of(bytes)
        return frame
      }
    } catch {
      before = nil
    }
    unreadable += 1
    return nil
  }

  private mutating func readFrame(_ bytes: ArraySlice<UInt8>, _ service: ServiceName) throws(FrameCursor.Short) -> Frame? {
    var f = FrameCursor(bytes)
    let flags = ScrapeFlags(rawValue: try f.byte())
    let isKey = flags.contains(.key)
    let frameNumber = try f.varint()
    if !isKey {
      let predecessor = try f.fixed(UInt32.self)
      guard before != nil, frameNumber == number &+ 1, predecessor == checksum else {
        before = nil
        return nil
      }
    }
    let wall = try f.signed()
    let latency = try f.double()
    let byteCount = try f.signed()
    var source: SourceID?
    var owner = service
    if flags.contains(.source) {
      source = SourceID(SourceKind(rawValue: Self.text(try f.blob())), ServiceName(Self.text(try f.blob())))
      owner = ServiceName(Self.text(try f.blob()))
    }
    var shape = try isKey ? readLayout(&f, hasTimestamps: flags.contains(.timestamps)) : before
    guard shape != nil else { return nil }
    // Taken out, so that its arrays are changed in place.
    before = nil
    try Self.readValues(&f, &shape)
    if flags.contains(.timestamps) { for index in shape?.timestamps.indices ?? 0..<0 { shape?.timestamps[index] &+= try f.signed() } }
    try Self.readSignals(&f, isKey, &shape)
    if flags.contains(.extras) {
      let blob = Array(try f.blob())
      guard let extras = try? JSONValue(parsing: blob)?.decoded(as: ScrapeExtras.self) else { throw FrameCursor.Short() }
      shape?.extras = extras
    }
    shape?.byteCount &+= Int(byteCount)
    guard let shape, let scrape = Scrape(layout: shape.layout, values: shape.values, timestamps: shape.timestamps) else { return nil }
    before = shape
    number = frameNumber
    let sample = MetricsSample(
      service: owner, scrape: scrape, signals: Dictionary(shape.signals.map { ($0.id, $0.value) }, uniquingKeysWith: { $1 }),
      summed: shape.extras.summed, latencyMilliseconds: latency, byteCount: shape.byteCount, resetSignals: shape.extras.resetSignals,
      restartEvidence: shape.extras.restartEvidence, processStart: shape.extras.processStart)
    return Frame(sample: sample, source: source, wallDifference: wall)
  }

  private mutating func readLayout(_ f: inout FrameCursor, hasTimestamps: Bool) throws(FrameCursor.Short) -> ScrapeShape? {
    let format: ExpositionFormat = try f.byte() == 0 ? .text : .openMetrics
    guard let layout = try? parser.parse(Array(try f.blob()), format: format).layout else { return nil }
    return ScrapeShape(
      layout: layout, values: Array(repeating: 0, count: layout.count),
      timestamps: hasTimestamps ? Array(repeating: 0, count: layout.count) : [],
      signals: [])
  }

  private static func readValues(_ f: inout FrameCursor, _ shape: inout ScrapeShape?) throws(FrameCursor.Short) {
    let count = try f.count()
    var index = -1
    for _ in 0..<count {
      let head = try f.varint()
      guard let values = shape?.values.count, head >> 1 < UInt64(values - index - 1) else { throw FrameCursor.Short() }
      index += Int(head >> 1) + 1
      let old = shape?.values[index] ?? 0
      if head & 1 == 1 {
        guard let whole = old.wholeNumber else { throw FrameCursor.Short() }
        shape?.values[index] = Double(whole &+ (try f.signed()))
      } else {
        shape?.values[index] = Double(bitPattern: old.bitPattern ^ (try f.fixed(UInt64.self)))
      }
    }
  }

  private static func readSignals(_ f: inout FrameCursor, _ isKey: Bool, _ shape: inout ScrapeShape?) throws(FrameCursor.Short) {
    let count = try f.count(atLeast: 2)
    var signals = shape?.signals ?? []
    let values = shape?.values ?? []
    if isKey { signals = [] } else { for index in signals.indices { signals[index].value = signals[index].predicted(values) } }
    var index = -1
    for _ in 0..<count {
      if isKey {
        signals.append(ScrapeShape.Signal(id: SignalID(text(try f.blob())), value: .ambiguous(matches: 0), series: nil))
        index = signals.count - 1
      } else {
        let gap = try f.varint()
        guard gap < UInt64(signals.count - index - 1) else { throw FrameCursor.Short() }
        index += Int(gap) + 1
      }
      (signals[index].value, signals[index].series) = try signal(&f, values, after: signals[index].value)
    }
    shape?.signals = signals
  }

  private static func signal(
    _ f: inout FrameCursor, _ values: [Double], after before: SignalValue
  ) throws(FrameCursor.Short) -> (SignalValue, Int?) {
    switch try f.byte() {
    case 0:
      let series = try f.varint()
      guard series < UInt64(values.count) else { throw FrameCursor.Short() }
      return (.number(values[Int(series)]), Int(series))
    case 1: return (.number(try f.double()), nil)
    case 2:
      var bounds: [Double] = []
      if try f.byte() == 1 {
        guard case .histogram(let old) = before else { throw FrameCursor.Short() }
        bounds = old.upperBounds
      } else {
        for _ in 0..<(try f.count(atLeast: 8)) { bounds.append(try f.double()) }
      }
      var counts: [Double] = []
      for _ in 0..<(try f.count()) { counts.append(try number(&f)) }
      let sum: Double? = try f.byte() == 0 ? nil : try f.double()
      return (.histogram(HistogramValue(upperBounds: bounds, cumulativeCounts: counts, sum: sum, count: try number(&f))), nil)
    case 3: return (.ambiguous(matches: Int(try f.signed())), nil)
    case 4: return (.unclear(text(try f.blob())), nil)
    default: throw FrameCursor.Short()
    }
  }

  private static func number(_ f: inout FrameCursor) throws(FrameCursor.Short) -> Double {
    let head = try f.varint()
    return head & 1 == 1 ? Double(head >> 1) : try f.double()
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
