import Foundation
import TestSupport
import Testing

@testable import WireFormats

@Suite struct ZoneRulesTests {
  /// Every kind of zone: none, with summer, south of the equator, half hours, changes of law, negative summer time, Ramadan.
  private static let names = [
    "UTC", "Europe/Berlin", "Europe/London", "Europe/Dublin", "America/New_York", "America/Sao_Paulo", "Australia/Sydney", "Asia/Kolkata",
    "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "America/Caracas", "Asia/Tehran", "America/Nuuk",
    "Pacific/Chatham", "Africa/Cairo", "Etc/GMT+12",
  ]

  @Test(arguments: names) func `offsets are those of Foundation, from 1971 to 2037`(name: String) throws {
    let rules = try #require(ZoneDatabase.rules(of: name), "tzdata is not installed")
    let zone = try #require(TimeZone(identifier: name))
    var random = SplitMix(seed: 7)
    var moments = (0..<2000).map { _ in 31_536_000 + Int64(random.next() % 2_082_844_800) }
    // Seconds around each change that Foundation tells of.
    var date = Date(timeIntervalSince1970: 1_577_836_800)
    for _ in 0..<20 {
      guard let next = zone.nextDaylightSavingTimeTransition(after: date), next > date else { break }
      moments += [-1, 0, 1].map { Int64(next.timeIntervalSince1970.rounded()) + $0 }
      date = next
    }
    for moment in moments where moment < 2_114_380_800 {
      let wanted = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment)))
      guard rules.offset(at: moment) != wanted else { continue }
      // Two databases of different years may differ in a law, never in more than that.
      Issue.record("\(name) at \(moment): \(rules.offset(at: moment)), but \(wanted)")
      return
    }
  }

  /// Wanted by Python's zoneinfo: `datetime.fromtimestamp(T, ZoneInfo(NAME)).utcoffset()`.
  @Test(
    arguments: [
      ("Europe/Berlin", 4_102_444_800, 3600), ("Europe/Berlin", 4_118_083_200, 7200), ("Australia/Sydney", 4_102_444_800, 39_600),
      ("America/New_York", 4_118_083_200, -14_400), ("Asia/Kathmandu", 4_102_444_800, 20_700), ("Europe/Berlin", -2_500_000_000, 3208),
    ] as [(String, Int64, Int)])
  func `the footer holds after the table, and the first offset before it`(name: String, moment: Int64, wanted: Int) throws {
    #expect(try #require(ZoneDatabase.rules(of: name)).offset(at: moment) == wanted)
  }

  @Test(arguments: [
    ("UTC0", 0, 0), ("<+0330>-3:30", 12_600, 12_600), ("CET-1CEST,M3.5.0,M10.5.0/3", 3600, 7200),
    ("AEST-10AEDT,M10.1.0,M4.1.0/3", 39_600, 36_000), ("IST-1GMT0,M10.5.0,M3.5.0/1", 0, 3600), ("EST5EDT,J60,J300", -18_000, -14_400),
    ("EST5EDT4:30,59/1:30,299/-1", -18_000, -16_200), ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", -7200, -3600),
  ])
  func `rules of POSIX`(text: String, january: Int, july: Int) throws {
    let rule = try #require(ZoneRule(text))
    #expect(rule.offset(at: Int64(CivilTime.days(year: 2027, month: 1, day: 15) * 86_400)) == january)
    #expect(rule.offset(at: Int64(CivilTime.days(year: 2027, month: 7, day: 15) * 86_400)) == july)
  }

  @Test(arguments: [
    "", "CE", "CET", "CET-1CEST", "CET-25", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0", "<+03", "<+03>-3x",
    "CET-1CEST,J366,J1", "CET-1CEST,M3.5.0/168,M10.5.0", "CET-1:60", "CET-1CEST,M3.5.7,M10.5.0",
  ])
  func `no rule`(text: String) { #expect(ZoneRule(text) == nil) }

  @Test(arguments: [
    "", "/etc/passwd", "../../etc/passwd", "Europe/../Europe/Berlin", "Europe", "Europe//Berlin", ".", "tzdata.zi", "zone.tab",
  ])
  func `names lead to zones only`(name: String) { #expect(ZoneDatabase.rules(of: name) == nil) }

  @Test func `a damaged file is none, or reads without a trap`() throws {
    let whole = try #require(SmallFile.bytes(of: "/usr/share/zoneinfo/Europe/Berlin", atMost: 1 << 20))
    for count in 0..<whole.count { #expect(ZoneRules(tzif: Array(whole[..<count])) == nil) }
    var random = SplitMix(seed: 3)
    for _ in 0..<3000 {
      var bytes = whole
      bytes[Int(random.next() % UInt64(bytes.count))] ^= 1 << UInt8(random.next() % 8)
      guard let rules = ZoneRules(tzif: bytes) else { continue }
      for moment in [Int64.min / 4, 0, 1_700_000_000, 40_000_000_000] { _ = rules.offset(at: moment) }
    }
  }
}
