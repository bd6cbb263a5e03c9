import Events
import Testing

@testable import EmbeddedPipeline

@Suite struct DemoScriptTests {
  @Test func `the names are those of the command`() {
    #expect(
      DemoScript.all.map(\.name) == [
        "everything", "full-pipeline", "circuit-breaker", "backpressure", "reconnection", "av-sync", "av-drift",
      ])
    #expect(DemoScript.named("nothing") == nil)
  }

  @Test(arguments: DemoScript.all) func `steps rise and end in time`(script: DemoScript) {
    #expect(script.steps.map(\.at) == script.steps.map(\.at).sorted())
    #expect(script.steps.allSatisfy { $0.at < script.expectedSeconds })
    #expect(script.expectedSeconds <= 240)
    #expect(!script.sentence.isEmpty)
  }

  @Test(arguments: DemoScript.all) func `every step is a fault`(script: DemoScript) throws {
    for step in script.steps { #expect(try Fault(step.fault).kind.means != .containers) }
    #expect(script.faults.steps == script.steps && script.faults.seconds == script.expectedSeconds)
  }

  @Test(arguments: DemoScript.all) func `every fault is part of an act`(script: DemoScript) {
    #expect(script.acts.first?.at == 0 && script.faults.acts == script.acts)
    #expect(script.acts.map(\.at) == script.acts.map(\.at).sorted() && script.acts.allSatisfy { $0.at < script.expectedSeconds })
    // A fault comes when an act begins that tells of it, or within it.
    for step in script.steps { #expect(script.acts.dropFirst().contains { $0.at <= step.at }, "\(step)") }
    // The panes of the screen, by their names.
    let panes: Set = ["services", "sync", "metrics", "breaker", "backpressure", "reconnection"]
    #expect(script.acts.allSatisfy { panes.contains($0.pane) && !$0.words.isEmpty && !$0.follows.isEmpty })
  }

  @Test(arguments: [("av-sync", 4.0), ("av-drift", 4), ("everything", 20), ("reconnection", 20)])
  func `a demo goes no faster than what it is about can be seen`(name: String, speed: Double) {
    #expect(DemoScript.named(name)?.maxSpeed == speed)
  }

  @Test func `fault names are distinct`() { #expect(Set(FaultMenu.entries.map(\.id)).count == FaultMenu.entries.count) }
}
