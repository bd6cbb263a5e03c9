import Events
import Testing

@Suite struct FaultKindTests {
  @Test func `every word means one fault`() throws {
    #expect(Set(FaultKind.words).count == FaultKind.words.count)
    #expect(Set(FaultMenu.entries.map(\.id)).count == FaultMenu.entries.count)
    for word in FaultKind.words { #expect(try !Fault(FaultRequest(word)).title.isEmpty) }
  }

  @Test(arguments: FaultMenu.entries) func `an entry of the menu is the fault of its name`(_ entry: FaultMenu.Entry) throws {
    #expect(try Fault(FaultRequest(entry.id)) == entry.fault)
    #expect(!entry.fault.title.isEmpty && !entry.fault.detail.isEmpty && !entry.fault.kind.sentence.isEmpty)
  }

  /// What scenarios write by hand today is what they wrote before.
  @Test func `the words of scenarios`() {
    #expect(
      FaultKind.words.sorted() == [
        "audio-drift", "audio-skew", "backpressure", "backpressure-clear", "backpressure-pause", "backpressure-slow-down", "container-kill",
        "container-pause", "container-stop", "publisher-stop", "sts-disconnect", "sts-errors", "sts-latency", "sts-outage", "worker-crash",
        "worker-restart",
      ])
    let names = FaultKind.words.map { word in word + " " + (FaultKind.parameters(of: word) ?? []).map(\.name.text).joined(separator: " ") }
    #expect(names.contains("sts-errors code count") && names.contains("backpressure severity action delay_ms"))
    #expect(names.contains("backpressure-pause ") && names.contains("container-kill service seconds"))
    #expect(FaultKind.parameters(of: "container-kill:mediamtx") == nil && FaultKind.parameters(of: "x") == nil)
  }

  @Test func `the menu in words`() {
    let texts = FaultMenu.entries.map { "\($0.id) | \($0.fault.title)" }
    #expect(
      texts == [
        "sts-errors | The next 5 fragments fail with TIMEOUT", "sts-disconnect | The speech service drops the worker's connection",
        "sts-outage | The speech service is out for 20 s", "backpressure-pause | Backpressure: pause",
        "backpressure-slow-down | Backpressure: slow down", "backpressure-clear | Backpressure: clear",
        "sts-latency | Every fragment takes 4 s longer for 30 s", "worker-crash | The worker crashes and is started again after 5 s",
        "worker-restart | Start the worker again", "audio-skew | The audio is 200 ms late for 30 s",
        "audio-drift | The audio drifts by 4 ms/s (240 ms/min) for 45 s",
        "publisher-stop | The publisher stops and is started again after 5 s",
        "container-stop:mediamtx | Stop the container of mediamtx for 10 s",
        "container-kill:mediamtx | Kill the container of mediamtx, start it after 10 s",
        "container-pause:mediamtx | Freeze the container of mediamtx for 10 s",
        "container-stop:media-service | Stop the container of media-service for 10 s",
        "container-kill:media-service | Kill the container of media-service, start it after 10 s",
        "container-pause:media-service | Freeze the container of media-service for 10 s",
        "container-stop:echo-sts | Stop the container of echo-sts for 10 s",
        "container-kill:echo-sts | Kill the container of echo-sts, start it after 10 s",
        "container-pause:echo-sts | Freeze the container of echo-sts for 10 s",
      ])
  }

  @Test(arguments: [
    (FaultRequest("sts-errors", ["code": "GPU_OOM", "count": "3"]), "sts-errors GPU_OOM ×3"),
    (FaultRequest("sts-outage", ["seconds": "40"]), "sts-outage outage 40 s"),
    (FaultRequest("sts-disconnect"), "sts-disconnect disconnect"),
    (FaultRequest("backpressure"), "backpressure-slow-down medium/slow_down"),
    (FaultRequest("backpressure", ["action": "none", "severity": "low"]), "backpressure-clear low/none"),
    (FaultRequest("backpressure-slow-down"), "backpressure-slow-down medium/slow_down 500 ms"),
    (FaultRequest("sts-latency", ["ms": "9000", "seconds": "12"]), "sts-latency +9000 ms for 12 s"),
    (FaultRequest("worker-crash"), "worker-crash crash"), (FaultRequest("audio-skew", ["ms": "-150"]), "audio-skew 150 ms early"),
    (FaultRequest("audio-skew", ["ms": "0"]), "audio-skew in place"),
    (FaultRequest("audio-drift", ["ms_per_s": "4.5"]), "audio-drift 4.5 ms/s (270 ms/min) for 45 s"),
    (FaultRequest("publisher-stop"), "publisher-stop stop"),
    (FaultRequest("container-pause", ["service": "echo-sts", "seconds": "2"]), "container pause echo-sts for 2 s"),
    (FaultRequest("container-kill:mediamtx"), "container kill mediamtx for 10 s"),
  ]) func `what the history says`(_ request: FaultRequest, _ text: String) throws {
    let told = try Fault(request).happening(7, .began)
    #expect("\(told.kind) \(told.detail)" == text)
    #expect(told.id == 7 && told.phase == .began)
  }

  @Test func `the end of a containers fault names it only`() throws {
    #expect(try Fault(FaultRequest("container-stop:mediamtx")).happening(1, .ended).detail == "mediamtx")
    #expect(try Fault(FaultRequest("sts-outage")).happening(1, .ended).detail == "outage 20 s")
  }

  @Test(arguments: FaultKind.all) func `usual values are allowed and parameters explained`(_ kind: FaultKind) throws {
    for parameter in kind.parameters {
      if let standard = parameter.standard { #expect(try parameter.value(of: standard.text) == standard) }
      #expect(!parameter.meaning.isEmpty)
    }
    for preset in kind.presets { for (name, value) in preset.values { #expect(try kind.parameter(name)?.value(of: value.text) == value) } }
    if case .lasting(let name, _) = kind.course { #expect(kind.parameter(name) != nil) }
    if case .named(let name) = kind.target { #expect(kind.parameter(name) != nil) }
  }

  @Test(arguments: [
    ("sts-errors", "count", "2.5", "must be a whole number from 1 to 10000 fragments, but is \"2.5\""),
    ("sts-errors", "count", "0", "must be a whole number from 1 to 10000"), ("sts-errors", "code", "TIMEOT", "did you mean \"TIMEOUT\"?"),
    ("sts-latency", "ms", "60001", "must be from 0 to 60000 milliseconds"), ("sts-latency", "ms", "nan", "must be a number"),
    ("sts-outage", "seconds", "0", "must be from 0.1 to 3600 seconds"), ("worker-crash", "restart_after", "1e9", "3600 seconds"),
    ("sts-outage", "second", "1", "did you mean \"seconds\"?"), ("worker-restart", "seconds", "1", "worker-restart has no seconds"),
    ("backpressure-pause", "action", "none", "backpressure-pause has no action"), ("backpressure", "delay_ms", "0", "from 1 to 60000"),
    ("audio-drift", "ms_per_s", "240", "must be from -100 to 100 milliseconds per second, later (negative: earlier), but is \"240\""),
  ]) func `a mistake is named in words`(_ id: String, _ name: String, _ value: String, _ words: String) {
    let error = #expect(throws: FaultProblem.self) { try Fault(FaultRequest(id, [name: value])) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }
}
