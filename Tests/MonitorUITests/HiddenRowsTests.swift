import Events
import MonitorUI
import RunModel
import SpeechProtocol
import TerminalCanvas
import Testing

/// How much of a list is not shown stands in a row, never over what the row says.
@Suite struct HiddenRowsTests {
  /// Many rows in each list that may be cut.
  private static let run: RunState = {
    var script = SampleRuns.everything()
    for number in 0..<12 {
      let t = 61 + Double(number) * 3
      script.told(t, .breaker(BreakerTransition(from: .open, state: .halfOpen, trigger: .timeout)))
      script.told(t + 0.5, .breaker(BreakerTransition(from: .halfOpen, state: .open, trigger: .failure, failureCount: 5)))
      script.told(
        t + 1, .backpressure(BackpressureEvent(severity: .medium, action: .slowDown, recommendedDelayMilliseconds: 12_345)))
    }
    script.told(100, .speechDisconnected(reason: "gone"))
    for number in 1...20 {
      script.told(
        100 + 2 * Double(number), .reconnectionAttempt(ReconnectionAttempt(attempt: number, plannedDelaySeconds: 2, success: false)))
    }
    return script.state()
  }()

  private static func picture(_ pane: Pane, _ size: Size, isFocused: Bool, isZoomed: Bool = false) -> Picture {
    var ui = MonitorState()
    if isFocused { _ = ui.reduce(.focus(pane), in: run) }
    if isZoomed { _ = ui.reduce(.command(.zoom), in: run) }
    return Picture(name: "", run: run, ui: ui, size: size)
  }

  private static func text(_ row: some StringProtocol) -> String { row.split(separator: " ").joined(separator: " ") }

  @Test(arguments: [Pane.breaker, .backpressure]) func `what a row says is whole or cut with an ellipsis before it`(_ pane: Pane) {
    // What the rows are where there is room for all.
    let large = Self.picture(pane, Size(width: 220, height: 120), isFocused: true, isZoomed: true)
    let whole = Set((large.pane(pane)?.rows() ?? []).map { Self.text($0.dropFirst().dropLast()) })
    var found = 0
    for width in [60, 80, 100, 120, 160, 200] {
      for height in [15, 24, 31, 40, 48] {
        for isFocused in [true, false] {
          let picture = Self.picture(pane, Size(width: width, height: height), isFocused: isFocused)
          for row in picture.pane(pane)?.rows() ?? [] {
            guard let hint = row.firstMatch(of: #/  \+\d+ not shown/#) else { continue }
            found += 1
            let before = Self.text(row[..<hint.range.lowerBound].dropFirst())
            #expect(before.hasSuffix("…") || whole.contains(before), "\(picture.size): \(row)")
          }
        }
      }
    }
    #expect(found > 10, "nothing was cut")
  }

  @Test(arguments: [Pane.breaker, .backpressure, .reconnection, .metrics]) func `every list that is cut says so`(_ pane: Pane) {
    for size in [Size(width: 80, height: 24), Size(width: 120, height: 31), Size(width: 160, height: 40)] {
      let rows = Self.picture(pane, size, isFocused: true).after(.down).pane(pane)?.rows() ?? []
      #expect(rows.contains { $0.contains(/\+\d+ (not shown|more)/) }, "\(size): \(rows)")
    }
  }

  @Test(arguments: [Pane.metrics, .breaker, .backpressure, .reconnection]) func `nothing touches how much is not shown`(_ pane: Pane) {
    for width in stride(from: 60, through: 200, by: 4) {
      for height in [15, 24, 31, 40] {
        for row in Self.picture(pane, Size(width: width, height: height), isFocused: true).after(.down).pane(pane)?.rows() ?? [] {
          guard let hint = row.firstMatch(of: /\+\d+ (not shown|more)/) else { continue }
          #expect(row[..<hint.range.lowerBound].hasSuffix("  "), "\(width)x\(height): \(row)")
        }
      }
    }
  }

  /// Keys act on what shows.
  @Test(arguments: [Pane.services, .metrics, .breaker, .backpressure, .reconnection, .events, .verdict])
  func `a selected row shows at every size`(_ pane: Pane) {
    for size in [(40, 10), (60, 15), (80, 24), (100, 30), (120, 31), (120, 40), (160, 48)].map({ Size(width: $0.0, height: $0.1) }) {
      for isZoomed in [false, true] {
        for keys in [[Command.Action.down], [.down, .down, .down], [.down, .last, .up]] {
          var picture = Self.picture(pane, size, isFocused: true, isZoomed: isZoomed)
          for key in keys { picture = picture.after(key) }
          guard picture.ui.selection[pane] != nil else { continue }
          let canvas = picture.pane(pane) ?? Canvas(size: .zero)
          let isMarked = (0..<canvas.size.height).contains { y in
            (0..<canvas.size.width).count { canvas[$0, y].style.attributes.contains(.reverse) } > canvas.size.width / 3
          }
          #expect(isMarked, "\(picture.title) \(isZoomed ? "zoomed" : "") \(keys)")
        }
      }
    }
  }
}
