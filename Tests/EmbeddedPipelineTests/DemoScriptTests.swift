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

  @Test func `fault names are distinct`() { #expect(Set(FaultMenu.entries.map(\.id)).count == FaultMenu.entries.count) }
}
