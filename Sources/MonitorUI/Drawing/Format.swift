import WireFormats

/// Numbers and times as people read them. Never traps, whatever comes in; a dash stands for what is not a number.
enum Format {
  /// A number with exactly so many digits after the point.
  static func fixed(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : value > 0 ? "∞" : "-∞" }
    guard abs(value) < 1e14 else { return "\(value)" }
    return NumberText.fixed(value, digits)
  }

  /// A plain value: whole numbers as they are up to a million, else three figures and a letter.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return fixed(value, 0) }
    let size = abs(value)
    if size >= 1e15 { return "\(value)" }
    if size >= 1e9 { return fixed(value / 1e9, 2) + "G" }
    if size >= 1e6 { return fixed(value / 1e6, 2) + "M" }
    if value == value.rounded() { return fixed(value, 0) }
    return fixed(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 4)
  }

  /// A number with its sign.
  static func signed(_ value: Double, _ digits: Int = 0) -> String {
    let text = fixed(value, digits)
    return text.hasPrefix("-") || !value.isFinite ? text : "+\(text)"
  }

  /// Milliseconds: "3 ms", "0.4 ms", from ten seconds on "12.3 s".
  static func milliseconds(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    if abs(value) >= 10_000 { return fixed(value / 1000, 1) + " s" }
    return fixed(value, abs(value) < 1 && value != 0 ? 1 : 0) + " ms"
  }

  /// Milliseconds in at most six columns: "3 ms", "999 ms", "1.2 s", "34 s".
  static func latency(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    if value < 999.5 { return milliseconds(max(0, value)) }
    return fixed(value / 1000, value < 9950 ? 1 : 0) + " s"
  }

  /// A length of time in one unit: "0.4 s", "52 s", "3 min", "2.5 h", "4 d".
  static func age(_ seconds: Double) -> String {
    guard seconds.isFinite else { return "–" }
    let seconds = max(0, seconds)
    if seconds < 10 { return fixed(seconds, 1) + " s" }
    if seconds < 120 { return fixed(seconds.rounded(.down), 0) + " s" }
    if seconds < 6000 { return fixed((seconds / 60).rounded(.down), 0) + " min" }
    if seconds < 172_800 { return fixed(seconds / 3600, 1) + " h" }
    return fixed((seconds / 86_400).rounded(.down), 0) + " d"
  }

  /// A length of time in whole units, for what moves every second.
  static func wholeAge(_ seconds: Double) -> String {
    seconds < 10 ? fixed(max(0, seconds).rounded(.down), 0) + " s" : age(seconds)
  }

  /// "00:52", from one hour on "1:02:03".
  static func elapsed(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "–" }
    let total = Int(max(0, seconds))
    let tail = "\(two(total / 60 % 60)):\(two(total % 60))"
    return total >= 3600 ? "\(total / 3600):\(tail)" : tail
  }

  /// "+0.2/s".
  static func rate(_ perSecond: Double) -> String {
    guard perSecond.isFinite else { return "–" }
    let size = abs(perSecond)
    let text = size >= 1000 ? number(perSecond.rounded()) : fixed(perSecond, size == 0 || size >= 10 ? 0 : size >= 0.1 ? 1 : 2)
    return (perSecond < 0 ? "" : "+") + text + "/s"
  }

  /// "+6.0/min", of a rate per second: what counts segments is read by the minute.
  static func ratePerMinute(_ perSecond: Double) -> String {
    guard perSecond.isFinite else { return "–" }
    let value = perSecond * 60
    let size = abs(value)
    let text = size >= 99_950 ? number(value.rounded()) : fixed(value, size >= 99.95 ? 0 : 1)
    return (value < 0 ? "" : "+") + text + "/min"
  }

  /// "1.9 Mb/s".
  static func bitRate(_ bitsPerSecond: Double) -> String {
    guard bitsPerSecond.isFinite else { return "–" }
    if bitsPerSecond >= 1e6 { return fixed(bitsPerSecond / 1e6, 1) + " Mb/s" }
    return fixed(bitsPerSecond / 1e3, 0) + " kb/s"
  }

  /// "23 MB".
  static func bytes(_ count: UInt64) -> String {
    let value = Double(count)
    if value >= 1e9 { return fixed(value / 1e9, 1) + " GB" }
    if value >= 1e6 { return fixed(value / 1e6, value >= 1e7 ? 0 : 1) + " MB" }
    return fixed(value / 1e3, 0) + " kB"
  }

  /// A time of day from seconds since midnight 1970-01-01: "14:03:27" with so many digits of the second's fraction.
  static func timeOfDay(_ epochSeconds: Double, digits: Int = 0) -> String {
    guard epochSeconds.isFinite, abs(epochSeconds) < 1e12 else { return "--:--:--" }
    let scale = digits == 0 ? 1.0 : digits == 1 ? 10.0 : digits == 2 ? 100.0 : 1000.0
    // Rounded to a microsecond first: 54.1 s on top of an epoch is 54.0999999.
    let scaled = ((epochSeconds * 1e6).rounded() / 1e6 * scale + 1e-4).rounded(.down)
    let whole = (scaled / scale).rounded(.down)
    let text = CivilTime(epochSeconds: Int(whole)).time
    guard digits > 0 else { return text }
    return "\(text).\(NumberText.padded(min(Int(scale) - 1, max(0, Int(scaled - whole * scale))), digits))"
  }

  private static func two(_ value: Int) -> String { NumberText.padded(value, 2) }
}
