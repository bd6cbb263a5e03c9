import Testing

@testable import Contracts
@testable import Events

/// Times in every way that lines write them, and where what they leave out comes from.
@Suite struct LogTimeTests {
  /// 2025-12-31T00:01:12.003Z.
  private static let moment = 1_767_139_272.003
  private static let whole = 1_767_139_272.0

  @Test(arguments: [
    ("2025-12-31 00:01:12,003", moment, nil), ("2025-12-31T00:01:12.003Z", moment, 0), ("2025-12-31T00:01:12.003000202Z", moment, 0),
    ("2025-12-31T03:01:12.003+03:00", moment + 10_800, 10_800), ("2025-12-31 01:01:12.003 +0100", moment + 3600, 3600),
    ("2025-12-31 00:01:12 UTC", whole, 0), ("2025/12/31 00:01:12", whole, nil), ("2025/12/31 00:01:12.003", moment, nil),
    ("31-Dec-2025 00:01:12.003", moment, nil), ("31 Dec 2025 00:01:12,003", moment, nil), ("31/Dec/2025:00:01:12 +0000", whole, 0),
    ("Dec 31, 2025 00:01:12", whole, nil), ("Wed Dec 31 00:01:12 2025", whole, nil), ("Wed, 31 Dec 2025 00:01:12 GMT", whole, 0),
    ("Wed 2025-12-31 00:01:12 UTC", whole, 0), ("1767139272.003", moment, 0), ("1767139272 x", whole, 0),
  ])
  func `whole times`(text: String, local: Double, offset: Int?) throws {
    var text = text
    let time = try #require(text.withUTF8 { LogTime($0) })
    #expect(abs(time.localSeconds - local) < 1e-5)
    #expect(time.offsetSeconds == offset)
    #expect(time.gap == nil)
    #expect(time.length == text.utf8.count - (text.hasSuffix(" x") ? 2 : 0))
  }

  @Test(arguments: [
    ("00:01:12.003", LogTime.Gap.date, 72.003), ("23:59:59", .date, 86_399), ("Dec 31 00:01:12", .year, 94_608_072),
    ("Jan  2 03:04:05", .year, 63_169_445),
  ])
  func `times that leave something out`(text: String, gap: LogTime.Gap, local: Double) throws {
    var text = text
    let time = try #require(text.withUTF8 { LogTime($0) })
    #expect(time.gap == gap)
    #expect(abs(time.localSeconds - local) < 1e-6)
  }

  @Test(arguments: [
    "", "12 apples", "2025-13-31 00:01:12", "25:00:00", "12:60:00", "1:2:3", "12:30:45:11", "Foo 31 00:01:12", "Dec 32 00:01:12",
    "1767139272003",
    "07.08.2026 14:50:12", "Monday", "May be", "Sun", "2025/13/31 00:01:12", "31-Foo-2025 00:01:12", "123456789", "12345678901 x",
  ])
  func `what is no time`(text: String) {
    var text = text
    #expect(text.withUTF8 { LogTime($0) } == nil)
  }

  @Test(
    arguments: [
      (1_767_139_272.003, moment), (1.767139272003e12, moment), (1.767139272003e15, moment), (1.767139272003e18, moment),
      (0, 0),
      (12.5, 12.5),
    ] as [(Double, Double)])
  func `numbers by their size`(number: Double, seconds: Double) { #expect(abs(LogEpoch.seconds(number) - seconds) < 1e-5) }

  private func seconds(_ text: String, reference: Double?, near: Double? = nil, previous: Double? = nil) -> Double? {
    var text = text
    var matcher = LogMatcher(contract: Contract(name: "x", summary: "", logTimeZone: "UTC"), hostUTCOffsetSeconds: 0)
    matcher.reference = reference.map { WallTime(epochSeconds: $0) }
    var memory = LogMatcher.Memory()
    memory.lastTime = previous
    guard let time = text.withUTF8({ LogTime($0) }) else { return nil }
    return matcher.seconds(time, near: near, memory: &memory)
  }

  @Test func `a time of day is the last one before it was read`() {
    let noon = Self.whole - 72 + 43_200
    #expect(seconds("11:59:59", reference: noon) == noon - 1)
    #expect(seconds("13:00:00", reference: noon) == noon + 3600, "a clock that is a little ahead")
    #expect(seconds("15:00:00", reference: noon) == noon - 75_600, "yesterday's")
    #expect(seconds("23:59:59", reference: Self.whole) == Self.whole - 73)
    #expect(seconds("00:00:01", reference: Self.whole - 73) == Self.whole - 71, "past midnight")
    #expect(seconds("11:59:59", reference: nil) == nil, "nothing tells the day")
    #expect(seconds("12:00:01", reference: nil, previous: noon) == noon + 1)
    // The collector's time is nearer than ours.
    #expect(seconds("12:00:00", reference: noon + 40 * 86_400, near: noon + 1) == noon)
  }

  @Test func `a date without a year is of the year that ends nearest`() {
    let newYear = Self.whole - 72 + 86_400
    #expect(seconds("Dec 31 00:01:12", reference: newYear + 10) == Self.whole)
    #expect(seconds("Jan  1 00:00:05", reference: newYear + 10) == newYear + 5)
    #expect(seconds("Dec 31 00:01:12", reference: newYear + 360 * 86_400) == Self.whole)
  }

  @Test(arguments: [
    ("2s", 2.0), ("500ms", 0.5), ("1m30s", 90), ("1h2m3.5s", 3723.5), ("250us", 0.000_25), ("250\u{B5}s", 0.000_25), ("PT2S", 2),
    ("PT1M30.5S", 90.5),
    ("00:00:30", 30), ("1.02:03:04.5", 93_784.5), ("-1.5s", -1.5), ("2 s", 2), ("3 seconds", 3),
  ])
  func `durations`(text: String, seconds: Double) throws {
    let found = try #require(DurationText.seconds(text))
    #expect(abs(found - seconds) < 1e-9)
    #expect(abs((DurationText.value(of: .text(text), in: .milliseconds) ?? 0) - seconds * 1000) < 1e-6)
  }

  @Test(arguments: ["", "s", "2", "2x", "P", "PT", "PT2", "1:2", "00:61:00", "soon", "2s!", "--2s", "1e", "\u{B5}s"])
  func `what is no duration`(text: String) { #expect(DurationText.seconds(text) == nil) }

  @Test func `a number is in the unit that is asked for`() {
    #expect(DurationText.value(of: .number(2), in: .seconds) == 2)
    #expect(DurationText.value(of: .text("500"), in: .milliseconds) == 500)
    #expect(DurationText.value(of: .flag(true), in: .seconds) == nil)
  }
}
