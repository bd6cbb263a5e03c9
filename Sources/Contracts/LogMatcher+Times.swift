import Events
import WireFormats

/// When lines were written.
extension LogMatcher {
  /// Seconds since 1970 of a time that a line writes; nil where its date is not written and nothing tells it.
  /// - Parameter near: when a collector took the line in, in seconds since 1970.
  mutating func seconds(_ time: LogTime, near: Double?, memory: inout Memory) -> Double? {
    var local = time.localSeconds
    if let gap = time.gap {
      // The collector's time is the nearest; ours is later than the line's; and the line before is better than nothing.
      guard let reference = near ?? reference?.epochSeconds ?? memory.lastTime else { return nil }
      let isNear = near != nil || reference == memory.lastTime
      let offset = time.offsetSeconds.map(Double.init) ?? reference - zone.epochSeconds(local: reference)
      local = LogDate.local(time, gap, reference: reference + offset, isNear: isNear)
    }
    let value = time.offsetSeconds.map { local - Double($0) } ?? zone.epochSeconds(local: local, after: memory.lastTime)
    memory.lastTime = value
    return value
  }

  /// After how many telling lines without a time, and none with one, it is said that the log has none.
  private static let timelessLines = 3

  /// Says once of a log that its times cannot be read, or that it has none: what it tells is placed by when it is read.
  func tellTimes(_ reading: inout LineReading, service: ServiceName, memory: inout Memory) {
    guard reading.time == nil, !memory.saidTimes, !reading.isContinuation else { return }
    let text: String
    if let bad = reading.badTime {
      text =
        "times in the log of \(service) cannot be read (\(bad)): what it tells is placed by when it was read, and how long anything took is "
        + "not known; a contract names the key with log_keys: {time: KEY}"
    } else {
      guard reading.isMatched, memory.lastTime == nil else { return }
      memory.timelessLines += 1
      guard memory.timelessLines >= Self.timelessLines else { return }
      text =
        "lines of the log of \(service) have no time that can be read: what they tell is placed by when it was read, and how long anything "
        + "took is not known; a contract names the key with log_keys: {time: KEY}"
    }
    memory.saidTimes = true
    reading.happenings.append(
      Happening(.finding(Finding(id: Self.timesFinding(service), text: text)), service: service, provenance: .observed))
  }

  /// The finding that says so.
  static func timesFinding(_ service: ServiceName) -> String { "log-times-unread-\(service)" }
}
