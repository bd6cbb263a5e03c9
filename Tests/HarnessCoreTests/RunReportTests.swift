import Events
import Foundation
import Testing

@testable import HarnessCore

@Suite struct RunReportTests {
  @Test(arguments: [
    (0.0, "1970-01-01T00:00:00"), (951_782_400.5, "2000-02-29T00:00:00"), (1_767_139_200, "2025-12-31T00:00:00"),
    (1_767_225_599.9, "2025-12-31T23:59:59"), (-1, "1969-12-31T23:59:59"), (.nan, "1970-01-01T00:00:00"),
  ])
  func `writes times`(seconds: Double, text: String) {
    #expect(JUnitReport.timestamp(WallTime(epochSeconds: seconds)) == text)
  }

  @Test(arguments: [
    (0.0, "0.000"), (1.0005, "1.001"), (-0.0001, "0.000"), (-2.5, "-2.500"), (.infinity, "0.000"), (90, "90.000"), (0.05, "0.050"),
  ])
  func `writes seconds`(value: Double, text: String) { #expect(RunReport.fixed(value) == text) }
}
