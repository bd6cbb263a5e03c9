import Foundation
import HarnessModel
import ProcessGuard
import Testing

@testable import HarnessCore

struct StreamProbeSmoke {
  @Test func readsTheFixture() async throws {
    let processGuard = ProcessGuard(executable: nil)
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    let files =
      ProcessInfo.processInfo.environment["PROBE_FILES"]?.split(separator: ",").map(String.init) ?? [
        root + "/" + FixtureLocator.checkoutPath
      ]
    for file in files {
      let probe = StreamProbe(
        StreamTarget(name: "x", address: try StreamAddress(file)), options: StreamProbeOptions(mode: .once(mediaSeconds: nil)),
        clock: realClock(),
        processGuard: processGuard)
      let collector = Collector()
      let begin = ContinuousClock.now
      await probe.run(into: collector)
      print("==", file, ContinuousClock.now - begin)
      for happening in collector.happenings { print(happening.kind) }
      print(await probe.totals, collector.standings)
    }
  }
}
