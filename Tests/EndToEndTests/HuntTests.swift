import Foundation
import TestSupport
import Testing

/// The real program over a fake worker that says less, or something else, than it seems to: every case to its verdict.
@Suite struct HuntTests {
  @Test(.timeLimit(.minutes(5))) func `no false verdict of the hunt`() async throws {
    let python = PythonPeer.interpreter ?? "python3"
    let words = [python, Checkout.path("Tests/Support/hunt.py")]
    let hunt = try ChildProgram(words, environment: ["DUBWATCH": dubwatchPath, "HUNT_AT_ONCE": "6"])
    let result = await hunt.result(within: 280)
    #expect(result.status == 0, "\(result)")
    // That it ended well says nothing when it tried nothing.
    #expect(result.output.contains("41 of 41 cases as they must be"), "\(result)")
  }
}
