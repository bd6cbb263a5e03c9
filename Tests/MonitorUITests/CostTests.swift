import Events
import MonitorUI
import TerminalCanvas
import Testing

@Suite struct CostTests {
  /// A frame must cost a few milliseconds in a release build; here, unoptimised and on a shared machine, a bound far above that still
  /// catches work that grows with the length of the run.
  @Test func `a frame of a long run stays cheap`() {
    var script = SampleRuns.everything()
    for second in 61..<1500 {
      script.healthy(Double(second), .mediaService)
      script.own(Double(second), .mark("note \(second)"))
      script.signals(Double(second))
    }
    let run = script.state()
    let ui = MonitorState()
    let clock = ContinuousClock()
    var best = Duration.seconds(100)
    for _ in 0..<5 {
      best = min(best, clock.measure { _ = MonitorView.render(run: run, ui: ui, size: Size(width: 160, height: 48)) })
    }
    print("a frame of 160x48 took \(best)")
    #expect(best < .milliseconds(250))
  }
}

extension Script {
  mutating func signals(_ seconds: Double) {
    metrics(seconds, [.fragmentsSent: .number(seconds), .inflightFragments: .number(1), .syncClaim: .number(12)], text: "up 1\n")
  }
}
