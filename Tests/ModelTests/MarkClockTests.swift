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
    // A number comes again after 60 s: these would seem to take 1, 10 and 29 s.
    (61, false), (70, false), (89, false),
  ]

  @Test(arguments: delays) func `a delay up to half of the loop is known by the publisher's word`(_ delay: Double, _ isKnown: Bool) throws {
    var clock = MarkClock()
    Self.published(&clock, from: 5, seconds: 150)
    // In the second loop the order of the stream says which time it was.
    var last: Double?
    for index in 3...15 {
      let loop = index / 10
      let told = clock.delay(of: Self.segment(index % 10, at: 5 + delay, loop: loop), after: last)
      last = told?.sentAt ?? last
      #expect((told != nil) == isKnown, "\(delay) in loop \(loop): \(String(describing: told))")
      guard let told else { continue }
      #expect(abs(told.seconds - delay) < 0.04 && told.seconds >= 0 && told.marks >= 3 && told.segmentIndex == index)
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

  @Test func `a number that was sent a loop before says nothing by itself`() {
    var clock = MarkClock()
    Self.published(&clock, from: 5, seconds: 150)
    #expect(clock.delay(of: Self.segment(3, at: 20, loop: 1)) == nil, "sent 15 s and 75 s before")
    #expect(clock.delay(of: Self.segment(3, at: 20, loop: 1), after: 5 + 72) != nil)
    #expect(clock.delay(of: Self.segment(3, at: 20, loop: 1), after: 5 + 12) == nil, "the last one that is known is a loop old")
    // Of a publisher that was there before nobody saw what it had sent: the order of what is known is none.
    var joined = MarkClock()
    for second in stride(from: 31.0, through: 150, by: 1) { joined.note(PublisherSample(frames: 0, mediaSeconds: second), at: 5 + second) }
    #expect(joined.delay(of: Self.segment(6, at: 20, loop: 1), after: 5 + 90) == nil, "sent 15 s and 75 s before")
    #expect(clock.delay(of: Self.segment(6, at: 20, loop: 1), after: 5 + 90) != nil)
  }

  @Test func `each output has the clock of its own pipeline`() {
    func state(_ names: [ServiceName], published target: String? = nil) -> [ServiceName: [Double]] {
      var events: [(at: Double, source: SourceID, kind: Happening.Kind)] = []
      for name in names {
        let isInput = name.isInputStream
        // What goes into b is sent 7 s later, and takes 3 s less.
        let begin = (name.text.hasPrefix("b") ? 12.0 : 5) + (isInput ? 0 : name.text.hasPrefix("b") ? 12 : 15)
        for index in 0..<3 {
          let told = StreamHappening.heard(Self.segment(index, at: begin))
          events.append((begin + 7 + 6 * Double(index), SourceID(.stream, name), .stream(told)))
        }
      }
      var script = Script()
      for name in names {
        let standing = SourceStatus(standing: .reading, target: name.text, intervalSeconds: 1)
        script.add(1, SourceID(.stream, name), .sourceStatus(standing))
      }
      let publisher = SourceID(.publisher, "publisher")
      if let target {
        script.add(5, publisher, .happening(Happening(.publisher(.started(target: target)), service: "publisher", provenance: .own)))
      }
      for second in 5..<60 {
        for item in events where Int(item.at) == second {
          script.add(item.at, item.source, .happening(Happening(item.kind, service: item.source.service, provenance: .observed)))
        }
        guard target != nil else { continue }
        script.add(
          Double(second) + 0.5, publisher, .sample(.publisher(PublisherSample(frames: 0, mediaSeconds: Double(second) - 4.5))))
      }
      let state = script.state()
      return Dictionary(uniqueKeysWithValues: state.streams.all.map { ($0.name, $0.delays.map { $0.value.seconds.rounded() }) })
    }
    let two = state(["a/in", "a/out", "b/in", "b/out"])
    #expect(two["a/out"] == [15, 15, 15] && two["b/out"] == [12, 12, 12], "\(two)")
    #expect(state(["a/in", "b/out"])["b/out"] == [], "another pipeline's input")
    #expect(state(["in", "dub"])["dub"] == [15, 15, 15])
    #expect(state(["live/x/in", "live/x/out-en"])["live/x/out-en"] == [15, 15, 15])
    let published = state(["a/out", "b/out"], published: "rtsp://127.0.0.1:8554/a/in?token=***")
    #expect(published["a/out"] == [15, 15, 15] && published["b/out"] == [], "\(published)")
    #expect(state(["out"], published: "rtsp://127.0.0.1:8554/live/test/in")["out"] == [15, 15, 15], "the only output there is")
    let others = state(["x/out", "y/out"], published: "rtsp://127.0.0.1:8554/a/in")
    #expect(others["x/out"] == [] && others["y/out"] == [], "whose it is nobody says")
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
    /// Whether it grew at some time.
    var grew = false
  }

  private static let noise = [0.0, 0.004, -0.003, 0.006, -0.005, 0.002, 0.001, -0.002, 0.003, -0.004]

  static let courses = [
    Course(name: "steady", delays: noise.map { 15.2 + $0 }, words: "15.2 s, "),
    Course(
      name: "40 ms a segment", delays: noise.enumerated().map { 15 + 0.04 * Double($0) + $1 }, words: "15.4 s, +", isLagging: true,
      grew: true),
    Course(name: "a step", delays: noise.enumerated().map { 10 + ($0 < 4 ? 0 : 2) + $1 }, words: ", stepped by +2.0 s"),
    Course(name: "a few", delays: [3, 3.1], words: "3.1 s"),
    Course(name: "catching up", delays: noise.enumerated().map { 15 - 0.04 * Double($0) + $1 }, words: "14.6 s, -"),
    Course(name: "growth that ended with a step", delays: growing + steady, words: "10.0 s, -3 ms/min, stepped by -0.4 s", grew: true),
    Course(name: "growth that stopped", delays: growing + noise.map { 10.4 + $0 }, words: "10.4 s, ", grew: true),
  ]

  @Test(arguments: courses.indices) func `the course of a delay in words`(_ index: Int) throws {
    let one = Self.courses[index]
    let course = try #require(DelayCourse(one.delays.enumerated().map { (at: Double($0) * 6, seconds: $1) }))
    #expect(course.words.contains(one.words), "\(one.name): \(course.words)")
    #expect(course.isLagging == one.isLagging, "\(one.name): \(course.words)")
    #expect(course.grew(beyond: 100) == one.grew, "\(one.name): \(course.worstWords ?? "")")
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
    Judged(
      rule: .delay(growth: 100, segments: 8), delays: growing + steady, standing: .violated,
      reason: "it grew by more than 100 ms a minute, +"),
  ]

  @Test(arguments: judged.indices) func `a delay is judged by its length and its growth`(_ index: Int) {
    let one = Self.judged[index]
    var trial = Trial(one.rule)
    if one.isPublished {
      for second in stride(from: 1.0, through: 130, by: 1) {
        trial.script.add(
          2 + second, SourceID(.publisher, "publisher"), .sample(.publisher(PublisherSample(frames: 0, mediaSeconds: second))))
      }
    }
    trial.stream(13, .opened(StreamFacts(videoCodec: "h264", framesPerSecond: 30)))
    for (index, delay) in one.delays.enumerated() {
      trial.stream(20 + 6 * Double(index), .heard(Self.segment(index % 10, at: 2 + delay, loop: index / 10)))
    }
    trial.end(30 + 6 * Double(one.delays.count))
    #expect(trial.standing == one.standing && trial.verdict.reason.contains(one.reason), "\(index): \(trial.verdict.reason)")
  }

  /// The first five segments take 20 s and come before the run, or one more of them after its begin.
  @Test(arguments: [(45.0, Verdict.Standing.met), (43, .violated)]) func `what came before the run is not judged`(
    _ began: Double, _ standing: Verdict.Standing
  ) {
    var trial = Trial(.delay(withinSeconds: 12, segments: 3), began: began)
    for second in stride(from: 1.0, through: 70, by: 1) {
      trial.script.add(2 + second, SourceID(.publisher, "publisher"), .sample(.publisher(PublisherSample(frames: 0, mediaSeconds: second))))
    }
    for index in 0..<10 { trial.stream(20 + 6 * Double(index), .heard(Self.segment(index, at: 2 + (index < 5 ? 20 : 10)))) }
    trial.end(100)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
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
