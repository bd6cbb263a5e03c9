import Testing
import WireFormats

@Suite struct CivilTimeTests {
  @Test(arguments: [
    (0, "1970-01-01", "00:00:00"), (1_795_352_761, "2026-11-22", "13:06:01"), (1_709_164_800, "2024-02-29", "00:00:00"),
    (-1, "1969-12-31", "23:59:59"), (951_782_400, "2000-02-29", "00:00:00"), (-62_135_596_800, "0001-01-01", "00:00:00"),
    (253_402_300_799, "9999-12-31", "23:59:59"), (4_107_542_400, "2100-03-01", "00:00:00"),
  ])
  func `seconds become a date and a time`(_ seconds: Int, _ date: String, _ time: String) {
    let civil = CivilTime(epochSeconds: seconds)
    #expect(civil.date == date && civil.time == time)
    #expect(civil.epochSeconds == seconds)
  }

  @Test func `every day of eight centuries follows the one before`() {
    var before = CivilTime(epochSeconds: -12_622_780_800 - 86_400)
    for day in 0..<292_194 {
      let civil = CivilTime(epochSeconds: -12_622_780_800 + day * 86_400)
      let isNext =
        civil.day == before.day + 1 && civil.month == before.month
        || civil.day == 1 && (civil.month == before.month + 1 || civil.month == 1 && before.month == 12 && civil.year == before.year + 1)
      guard isNext, CivilTime.days(year: civil.year, month: civil.month, day: civil.day) * 86_400 == civil.epochSeconds else {
        Issue.record("\(civil) after \(before)")
        return
      }
      before = civil
    }
  }

  @Test func `extremes are clamped`() {
    #expect(CivilTime(epochSeconds: .max).year > 90_000_000 && CivilTime(epochSeconds: .min).year < -90_000_000)
  }

  private func read(_ text: String, at start: Int = 0) -> CivilTime? {
    var text = text
    return text.withUTF8 { CivilTime($0, at: start) }
  }

  @Test(arguments: ["2026-11-22T13:06:01", "2026-11-22 13:06:01", "2024-02-29T23:59:60"])
  func `a date and a time are read`(_ text: String) throws {
    let civil = try #require(read(text + ".5Z"))
    #expect("\(civil.date) \(civil.time)" == text.replacing("T", with: " "))
    #expect(read("x" + text, at: 1) == civil)
    for length in 0..<CivilTime.length { #expect(read(String(text.prefix(length))) == nil) }
  }

  @Test(arguments: [
    "", "2026-13-22 13:06:01", "2026-00-22 13:06:01", "2026-11-32 13:06:01", "2026-11-00 13:06:01", "2026-11-22 24:06:01",
    "2026-11-22 13:60:01", "2026-11-22 13:06:61", "2026/11/22 13:06:01", "xxxx-11-22 13:06:01", "2026-11-22_13:06:01",
    "+026-11-22 13:06:01",
  ])
  func `what is no time is refused`(_ text: String) { #expect(read(text) == nil) }
}
