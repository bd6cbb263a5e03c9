import Foundation
import HarnessCore
import TestSupport
import Testing
import WireFormats

@testable import HarnessRun

@Suite struct RecordingCheckTests {
  /// The same recording whole, and without its end, in which nothing of what is judged need be.
  @Test(arguments: [(false, "passed", ExitStatus.good), (true, "inconclusive", ExitStatus.no)])
  func `a recording of which something is missing passes in no report`(_ isCut: Bool, _ outcome: String, _ status: Int32) throws {
    let scratch = try Scratch()
    let whole = try #require(FileManager.default.contents(atPath: Checkout.fixture("recordings/format-1.mcap"))).map { $0 }
    try scratch.write("run.mcap", isCut ? Array(whole.prefix(40_000)) : whole)
    let (junit, json) = (scratch.file("run.xml"), scratch.file("run.json"))
    let check = RecordingCheck(scratch.file("run.mcap"), scenario: nil, settings: [], reports: ReportFiles(junit: junit, json: json))
    #expect(try check.run() == status)
    #expect(try JSONValue.parse(scratch.bytes("run.json"))["outcome"]?.stringValue == outcome)
    #expect(try #require(scratch.text("run.xml")).contains("what is missing is not known") == isCut)
  }
}
