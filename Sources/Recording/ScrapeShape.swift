import Events
import PrometheusText

/// What both ends of a sequence of scrapes remember of the scrape before.
struct ScrapeShape: Sendable {
  var layout: SeriesLayout
  var values: [Double]
  var timestamps: [Int64]
  var signals: [Signal]
  var extras = ScrapeExtras()
  var byteCount = 0

  /// A signal of the contract, and where it stands among the values.
  struct Signal: Sendable {
    var id: SignalID
    var value: SignalValue
    /// The series whose value it is; nil for a value of its own.
    var series: Int?

    /// What it reads where nothing is said: the value of its series, or what it read before.
    func predicted(_ values: [Double]) -> SignalValue { series.map { .number(values[$0]) } ?? value }
  }
}

/// What seldom changes from scrape to scrape.
struct ScrapeExtras: Codable, Hashable, Sendable {
  var summed: [SignalID: Int] = [:]
  var resetSignals: [SignalID] = []
  var restartEvidence: String?
  var processStart: WallTime?
}

/// The first byte of a frame.
struct ScrapeFlags: OptionSet {
  let rawValue: UInt8
  /// Everything is said; else only what differs from the frame before.
  static let key = ScrapeFlags(rawValue: 1)
  static let extras = ScrapeFlags(rawValue: 2)
  static let timestamps = ScrapeFlags(rawValue: 4)
  /// The source, or the service, is not the one that the channel names.
  static let source = ScrapeFlags(rawValue: 8)
}

extension SignalValue {
  /// Equal in every bit: NaN is itself, and -0 is not 0.
  func isSame(as other: SignalValue) -> Bool {
    switch (self, other) {
    case (.number(let left), .number(let right)): left.bitPattern == right.bitPattern
    default: self == other
    }
  }
}

extension Double {
  /// The whole number that it is, where it can be written as one and read back to the same bits.
  var wholeNumber: Int64? {
    guard magnitude <= 0x1p53, let whole = Int64(exactly: self), Double(whole).bitPattern == bitPattern else { return nil }
    return whole
  }
}
