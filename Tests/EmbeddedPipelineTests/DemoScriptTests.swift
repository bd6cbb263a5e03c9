import HarnessModel
import Testing

@testable import EmbeddedPipeline

@Suite struct DemoScriptTests {
  @Test func theNamesAreThoseOfTheCommand() {
    #expect(
      DemoScript.all.map(\.name) == [
        "everything", "full-pipeline", "circuit-breaker", "backpressure", "reconnection", "av-sync", "av-drift",
      ])
    #expect(DemoScript.named("nothing") == nil)
  }

  @Test(arguments: DemoScript.all) func stepsRiseAndEndInTime(script: DemoScript) {
    #expect(script.steps.map(\.at) == script.steps.map(\.at).sorted())
    #expect(script.steps.allSatisfy { $0.at < script.expectedSeconds })
    #expect(script.expectedSeconds <= 240)
    #expect(!script.sentence.isEmpty)
  }

  @Test(arguments: DemoScript.all) func everyStepIsAFault(script: DemoScript) throws {
    for step in script.steps { #expect(try Fault(step.fault).kind.means != .containers) }
    #expect(script.faults.steps == script.steps && script.faults.seconds == script.expectedSeconds)
  }

  @Test func faultNamesAreDistinct() { #expect(Set(FaultMenu.entries.map(\.id)).count == FaultMenu.entries.count) }
}
