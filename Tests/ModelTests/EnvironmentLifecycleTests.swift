import Events
import Testing
import WireFormats

@Suite struct EnvironmentLifecycleTests {
  @Test func `the way of the data model is taken, and back`() throws {
    var lifecycle = EnvironmentLifecycle()
    for state in [EnvironmentState.starting, .ready, .running, .stopped, .starting] { try lifecycle.become(state) }
    try lifecycle.become(.failed, reason: "no engine")
    #expect(lifecycle.state == .failed && lifecycle.reason == "no engine")
    try lifecycle.become(.stopped, reason: "ignored")
    #expect(lifecycle.state == .stopped && lifecycle.reason == nil)
  }

  @Test func `every other step is refused and changes nothing`() {
    let allowed: [EnvironmentState: Set<EnvironmentState>] = [
      .stopped: [.starting], .starting: [.ready, .stopped, .failed], .ready: [.running, .stopped, .failed],
      .running: [.ready, .stopped, .failed], .failed: [.stopped],
    ]
    for from in EnvironmentState.allCases {
      for to in EnvironmentState.allCases { #expect(from.canBecome(to) == allowed[from]?.contains(to), "\(from) to \(to)") }
    }
    var lifecycle = EnvironmentLifecycle()
    let error = #expect(throws: ValidationError.self) { try lifecycle.become(.running) }
    #expect(error?.description == "state: an environment that is stopped cannot become running" && lifecycle.state == .stopped)
  }

  @Test(arguments: [nil, ""] as [String?])
  func `a failure needs a reason`(reason: String?) throws {
    var lifecycle = EnvironmentLifecycle()
    try lifecycle.become(.starting)
    #expect(throws: ValidationError.self) { try lifecycle.become(.failed, reason: reason) }
    #expect(lifecycle.state == .starting)
  }
}
