import Events
import MediaSync
import RuleSupport
import RunModel
import Testing

/// When marks were sent, and how long after it they come out.
@Suite struct MarkClockTests {
  /// A publisher that says once a second how far it is, late by what the machine makes of it.
  static func published(_ clock: inout MarkClock, from begin: Double, seconds: Double, late: (Int) -> Double = { Double($0 % 4) * 0.02 }) {
    for second in stride(from: 1, through: seconds, by: 1) {
      clock.note(PublisherSample(frames: 0, mediaSeconds: second), at: begin + second + late(Int(second)))
    }
  }

  /// A segment of the fixture that comes out so long after the fixture's begin was sent, in its first loop.
  static func segment(_ index: Int, at begin: Double, loop: Int = 0) -> HeardSegment {
    let marks = MarkRhythm.standard.times.enumerated().filter { Int($0.element / 6) == index }
      .map { MarkArrival(number: $0.offset, seconds: begin + Double(loop) * 60 + $0.element) }
    return HeardSegment(segmentIndex: index + 10 * loop, voice: .dubbed, marks: marks.count, arrivals: marks)
  }

  /// How long it takes, and what is to be told of it.
  static let delays: [(delay: Double, isKnown: Bool)] = [
    (0, true), (0.1, true), (3, true), (15.2, true), (29.5, true), (30.5, false), (45, false), (-1, false),
  ]

  @Test(arguments: delays) func `a delay up to half of the loop is known by the publisher's word`(_ delay: Double, _ isKnown: Bool) throws {
    var clock = MarkClock()
    Self.published(&clock, from: 5, seconds: 150)
    for loop in 0...1 {
      let told = clock.delay(of: Self.segment(3, at: 5 + delay, loop: loop))
      #expect((told != nil) == isKnown, "\(delay) in loop \(loop): \(String(describing: told))")
      if let told { #expect(abs(told.seconds - delay) < 0.04 && told.marks >= 3 && told.segmentIndex == 3 + 10 * loop) }
    }
  }

  @Test func `what was seen of the input counts more than the publisher's word`() throws {
    var clock = MarkClock()
    Self.published(&clock, from: 5, seconds: 70)
    clock.note(sent: Self.segment(2, at: 5.4))
    let told = try #require(clock.delay(of: Self.segment(2, at: 15)))
    #expect(abs(told.seconds - 9.6) < 1e-9)
    #expect(clock.delay(of: Self.segment(3, at: 15)) == nil, "the input's fourth segment was not seen yet")
  }

  @Test func `a publisher that begins anew within half a minute makes it not known`() {
    var clock = MarkClock()
    Self.published(&clock, from: 5, seconds: 20)
    Self.published(&clock, from: 27, seconds: 40)
    #expect(clock.delay(of: Self.segment(1, at: 31)) == nil, "sent 26 s before and 4 s before")
    #expect(clock.delay(of: Self.segment(5, at: 31)) != nil, "sent once")
  }

  @Test func `marks that contradict one another say nothing`() {
    var clock = MarkClock()
    Self.published(&clock, from: 5, seconds: 60)
    var segment = Self.segment(2, at: 15)
    segment.arrivals?[0].seconds += 2
    #expect(clock.delay(of: segment) == nil)
    segment.arrivals = nil
    #expect(clock.delay(of: segment) == nil)
    #expect(MarkClock().delay(of: Self.segment(2, at: 15)) == nil && !MarkClock().knowsSends)
  }

  struct Course: Sendable {
    var name: String
    var delays: [Double]
    var words: String
    var isLagging = false
  }

  private static let noise = [0.0, 0.004, -0.003, 0.006, -0.005, 0.002, 0.001, -0.002, 0.003, -0.004]

  static let courses = [
    Course(name: "steady", delays: noise.map { 15.2 + $0 }, words: "15.2 s, "),
    Course(name: "40 ms a segment", delays: noise.enumerated().map { 15 + 0.04 * Double($0) + $1 }, words: "15.4 s, +", isLagging: true),
    Course(name: "a step", delays: noise.enumerated().map { 10 + ($0 < 4 ? 0 : 2) + $1 }, words: ", stepped by +2.0 s"),
    Course(name: "a few", delays: [3, 3.1], words: "3.1 s"),
    Course(name: "catching up", delays: noise.enumerated().map { 15 - 0.04 * Double($0) + $1 }, words: "14.6 s, -"),
  ]

  @Test(arguments: courses.indices) func `the course of a delay in words`(_ index: Int) throws {
    let one = Self.courses[index]
    let course = try #require(DelayCourse(one.delays.enumerated().map { (at: Double($0) * 6, seconds: $1) }))
    #expect(course.words.contains(one.words), "\(one.name): \(course.words)")
    #expect(course.isLagging == one.isLagging, "\(one.name): \(course.words)")
    #expect(course.count == one.delays.count)
  }

  @Test func `a course of nothing is none`() { #expect(DelayCourse([]) == nil) }

  struct Judged: Sendable {
    var rule: RuleDocument
    var delays: [Double]
    var isPublished = true
    var standing: Verdict.Standing
    var reason: String
  }

  private static let growing = noise.enumerated().map { 10 + 0.04 * Double($0) + $1 }
  private static let steady = noise.map { 10 + $0 }

  static let judged = [
    Judged(rule: .delay(withinSeconds: 12, growth: 100, segments: 8), delays: steady, standing: .met, reason: "10.0 s"),
    Judged(
      rule: .delay(withinSeconds: 12, segments: 8), delays: growing, standing: .violated, reason: "grows by more than 100 ms a minute"),
    Judged(rule: .delay(growth: 100, segments: 8), delays: growing, standing: .violated, reason: "grows by more than 100 ms a minute"),
    Judged(rule: .delay(growth: 1000, segments: 8), delays: growing, standing: .met, reason: "10.4 s"),
    Judged(
      rule: .delay(withinSeconds: 9, segments: 8), delays: steady, standing: .violated, reason: "10 of 10 segments took longer than 9"),
    Judged(rule: .delay(growth: 100, segments: 8), delays: Array(steady.prefix(5)), standing: .unobservable, reason: "only 5 of the 8"),
    Judged(rule: .delay(growth: 100, segments: 2), delays: Array(steady.prefix(4)), standing: .unobservable, reason: "not known"),
    Judged(
      rule: .delay(growth: 100, segments: 8), delays: steady, isPublished: false, standing: .unobservable,
      reason: "neither publishes the input nor reads it"),
    Judged(rule: .delay(growth: 100, segments: 8), delays: steady.map { $0 + 30 }, standing: .unobservable, reason: "30 s or more"),
    Judged(rule: RuleDocument("delay", [:]), delays: steady, standing: .met, reason: "10.0 s"),
  ]

  @Test(arguments: judged.indices) func `a delay is judged by its length and its growth`(_ index: Int) {
    let one = Self.judged[index]
    var trial = Trial(one.rule)
    if one.isPublished {
      for second in stride(from: 1.0, through: 70, by: 1) {
        trial.script.add(
          2 + second, SourceID(.publisher, "publisher"), .sample(.publisher(PublisherSample(frames: 0, mediaSeconds: second))))
      }
    }
    trial.stream(13, .opened(StreamFacts(videoCodec: "h264", framesPerSecond: 30)))
    for (index, delay) in one.delays.enumerated() {
      trial.stream(20 + 6 * Double(index), .heard(Self.segment(index, at: 2 + delay)))
    }
    trial.end(30 + 6 * Double(one.delays.count))
    #expect(trial.standing == one.standing && trial.verdict.reason.contains(one.reason), "\(index): \(trial.verdict.reason)")
  }

  @Test(arguments: [false, true]) func `an output that comes later and later is an alarm`(_ isLagging: Bool) {
    var events: [(at: Double, source: SourceID, event: RunEvent)] = stride(from: 1.0, through: 80, by: 1).map { second in
      (2 + second, SourceID(.publisher, "publisher"), .sample(.publisher(PublisherSample(frames: 0, mediaSeconds: second))))
    }
    for (index, delay) in (isLagging ? Self.growing : Self.steady).enumerated() {
      let told = Happening(.stream(.heard(Self.segment(index, at: 2 + delay))), service: "live/test/out", provenance: .observed)
      events.append((20.5 + 6 * Double(index), SourceID(.stream, "live/test/out"), .happening(told)))
    }
    var script = Script()
    for item in events.sorted(by: { $0.at < $1.at }) { script.add(item.at, item.source, item.event) }
    let found = script.state().alarms.map(\.id).filter { $0.hasPrefix("heard:delay") }
    #expect(found == (isLagging ? ["heard:delay:live/test/out"] : []))
  }
}
