import Events
import MCAP
import PrometheusText
import RunModel
import WireFormats

/// Writes the scrapes of one source as `dubwatch.scrape.1`: a key frame, then what differs from the frame before. The manual's page on
/// recordings has the format byte by byte.
struct ScrapeEncoder: Sendable {
  /// After so many frames everything is said anew, so that what is lost is lost for a minute at most.
  static let keyInterval = 60

  private var before: ScrapeShape?
  private var checksum: UInt32 = 0
  private var number = 0

  /// The frame of a scrape.
  /// - Parameters:
  ///   - sample: the scrape.
  ///   - source: who scraped, where it is not what the channel's name says.
  ///   - wallDifference: the wall clock against the one that follows from the start, in steps of the last bit.
  mutating func frame(of sample: MetricsSample, source: SourceID?, wallDifference: Int64) -> [UInt8] {
    let ids = sample.signals.keys.sorted()
    let isKey = number % Self.keyInterval == 0 || before.map { !Self.continues($0, sample, ids) } ?? true
    var shape = before ?? Self.empty(sample)
    if isKey { shape = Self.empty(sample) }
    let extras = ScrapeExtras(
      summed: sample.summed, resetSignals: sample.resetSignals, restartEvidence: sample.restartEvidence,
      processStart: sample.processStart)
    var flags: ScrapeFlags = isKey ? .key : []
    if extras != shape.extras { flags.insert(.extras) }
    if sample.scrape.hasTimestamps { flags.insert(.timestamps) }
    if source != nil { flags.insert(.source) }

    var bytes: [UInt8] = [flags.rawValue]
    bytes.putVarint(number)
    if !isKey { bytes.putFixed(checksum) }
    bytes.putSigned(wallDifference)
    bytes.putDouble(sample.latencyMilliseconds)
    bytes.putSigned(Int64(sample.byteCount - shape.byteCount))
    if let source {
      bytes.putBlob(Array(source.kind.rawValue.utf8))
      bytes.putBlob(Array(source.service.text.utf8))
      bytes.putBlob(Array(sample.service.text.utf8))
    }
    if isKey {
      bytes.append(sample.scrape.layout.format == .text ? 0 : 1)
      bytes.putBlob(sample.scrape.layout.sourceText)
    }
    bytes.putValues(sample.scrape.values, after: shape.values)
    if sample.scrape.hasTimestamps { bytes.putTimestamps(sample.scrape.timestamps, after: shape.timestamps) }
    let signals = Self.put(sample, ids, isKey, &shape, &bytes)
    if flags.contains(.extras) { bytes.putBlob((try? JSONValue(encoding: extras))?.serialized() ?? []) }

    before = ScrapeShape(
      layout: sample.scrape.layout, values: sample.scrape.values, timestamps: sample.scrape.timestamps, signals: signals, extras: extras,
      byteCount: sample.byteCount)
    checksum = CRC32.of(bytes)
    number += 1
    return bytes
  }

  private static func empty(_ sample: MetricsSample) -> ScrapeShape {
    ScrapeShape(
      layout: sample.scrape.layout, values: Array(repeating: 0, count: sample.scrape.count),
      timestamps: Array(repeating: 0, count: sample.scrape.timestamps.count), signals: [])
  }

  /// Whether a scrape can be said by what differs.
  private static func continues(_ before: ScrapeShape, _ sample: MetricsSample, _ ids: [SignalID]) -> Bool {
    before.layout === sample.scrape.layout && before.timestamps.count == sample.scrape.timestamps.count
      && before.signals.count == ids.count && zip(before.signals, ids).allSatisfy { $0.id == $1 }
  }

  private static func put(
    _ sample: MetricsSample, _ ids: [SignalID], _ isKey: Bool, _ shape: inout ScrapeShape, _ bytes: inout [UInt8]
  ) -> [ScrapeShape.Signal] {
    let values = sample.scrape.values
    var signals = shape.signals
    var changed: [Int] = []
    if isKey {
      signals = ids.map { ScrapeShape.Signal(id: $0, value: sample.signals[$0] ?? .ambiguous(matches: 0), series: nil) }
      changed = Array(signals.indices)
    } else {
      changed = signals.indices.filter { index in
        sample.signals[signals[index].id].map { !$0.isSame(as: signals[index].predicted(values)) } ?? true
      }
    }
    bytes.putVarint(changed.count)
    var last = -1
    for index in changed {
      let value = sample.signals[signals[index].id] ?? .ambiguous(matches: 0)
      if isKey { bytes.putBlob(Array(signals[index].id.text.utf8)) } else { bytes.putVarint(index - last - 1) }
      last = index
      signals[index].series = value.number.flatMap { number in values.firstIndex { $0.bitPattern == number.bitPattern } }
      bytes.putSignal(value, series: signals[index].series, after: isKey ? nil : signals[index].value)
    }
    for index in signals.indices { signals[index].value = sample.signals[signals[index].id] ?? .ambiguous(matches: 0) }
    return signals
  }
}

extension [UInt8] {
  /// The values that changed: how many, then for each the distance to the one before, and the change.
  fileprivate mutating func putValues(_ values: [Double], after before: [Double]) {
    let changed = values.indices.filter { values[$0].bitPattern != before[$0].bitPattern }
    putVarint(changed.count)
    var last = -1
    for index in changed {
      let gap = UInt64(index - last - 1)
      last = index
      if let old = before[index].wholeNumber, let new = values[index].wholeNumber {
        putVarint(gap << 1 | 1)
        putSigned(new - old)
      } else {
        putVarint(gap << 1)
        putFixed(values[index].bitPattern ^ before[index].bitPattern)
      }
    }
  }

  fileprivate mutating func putTimestamps(_ times: [Int64], after before: [Int64]) {
    // Most move alike.
    for (new, old) in zip(times, before) { putSigned(new &- old) }
  }

  fileprivate mutating func putSignal(_ value: SignalValue, series: Int?, after before: SignalValue?) {
    switch value {
    case .number(let number):
      if let series {
        append(0)
        putVarint(series)
      } else {
        append(1)
        putDouble(number)
      }
    case .histogram(let histogram):
      append(2)
      var known: [Double]?
      if case .histogram(let old)? = before { known = old.upperBounds }
      let isKnown = known == histogram.upperBounds
      append(isKnown ? 1 : 0)
      if !isKnown {
        putVarint(histogram.upperBounds.count)
        for bound in histogram.upperBounds { putDouble(bound) }
      }
      putVarint(histogram.cumulativeCounts.count)
      for count in histogram.cumulativeCounts { putNumber(count) }
      append(histogram.sum == nil ? 0 : 1)
      if let sum = histogram.sum { putDouble(sum) }
      putNumber(histogram.count)
    case .ambiguous(let matches):
      append(3)
      putSigned(Int64(matches))
    case .unclear(let reason):
      append(4)
      putBlob(Array(reason.utf8))
    }
  }

  private mutating func putNumber(_ value: Double) {
    if let whole = value.wholeNumber, whole >= 0 {
      putVarint(UInt64(whole) << 1 | 1)
    } else {
      append(0)
      putDouble(value)
    }
  }
}
