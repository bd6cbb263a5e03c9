import HarnessModel
import Testing

@testable import HarnessCore

@Suite struct StreamTargetTests {
  @Test(arguments: [
    ("rtmp://u:geheim@h:1935/live/test/out?token=geheim", "live/test/out", StreamTarget.Place.network(scheme: "rtmp")),
    ("HTTP://h/live/a.ts", "live/a.ts", .network(scheme: "http")), ("rtsp://h:8554", "h:8554", .network(scheme: "rtsp")),
    ("/tmp/a b/out.ts", "out.ts", .file), ("out.flv", "out.flv", .file), ("-", "stdin", .standardInput),
  ])
  func isCalledByItsPath(text: String, name: String, place: StreamTarget.Place) throws {
    let target = try StreamTarget(text)
    #expect(target.name == ServiceName(name))
    #expect(target.place == place)
    #expect(!"\(target)".contains("geheim"))
    #expect(!String(reflecting: target).contains("geheim"))
  }

  @Test(arguments: [
    ("", "nothing was given"), ("ftp://h/x", "not by ftp"), ("rtsp:///x", "names no host"), ("rtsp://a b:geheim@h/x", "no blanks"),
    ("concat://h/etc/passwd", "not by concat"), ("http://h:99999/x", "between 1 and 65535"),
  ])
  func refusesWhatIsNoStream(text: String, reason: String) {
    #expect {
      try StreamTarget(text)
    } throws: { error in
      "\(error)".contains(reason) && !"\(error)".contains("geheim")
    }
  }

  @Test func aWatchTakesNamedStreamsOnce() throws {
    var plan = WatchPlan()
    try plan.addStream("rtmp://h/live/test/out")
    try plan.addStream("in=rtmp://h/live/test/in", probesContent: false)
    #expect(plan.endpoints.streams.map(\.name) == ["live/test/out", "in"])
    #expect(plan.endpoints.streams.map(\.probesContent) == [true, false])
    #expect(!plan.endpoints.isEmpty)
    #expect(throws: WatchPlan.Failure.self) { try plan.addStream("in=/tmp/x.ts") }
    #expect(throws: WatchPlan.Failure.self) { try plan.addStream("-") }
  }
}
