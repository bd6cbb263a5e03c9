import CanvasSupport
import MonitorUI
import TerminalCanvas
import Testing

@Suite struct LayoutTests {
  /// Every size from 1x1 to 250x80, each pane in focus, zoomed and not.
  @Test(arguments: Pane.allCases, [false, true]) func `every size holds`(_ focus: Pane, _ isZoomed: Bool) {
    var broken: [String] = []
    for width in 1...250 {
      for height in 1...80 {
        let layout = ScreenLayout(Size(width: width, height: height), focus: focus, isZoomed: isZoomed)
        if let fault = fault(layout, focus) { broken.append("\(width)x\(height): \(fault)") }
      }
    }
    #expect(broken.isEmpty, "\(broken.prefix(5))")
  }

  private func fault(_ layout: ScreenLayout, _ focus: Pane) -> String? {
    let whole = Rect(layout.size)
    let rects = layout.panes.map(\.rect) + [layout.titleBar, layout.keyBar]
    for (index, rect) in rects.enumerated() {
      if !whole.contains(rect) { return "\(rect) is outside" }
      for other in rects[(index + 1)...] where !rect.intersection(other).isEmpty { return "\(rect) and \(other) overlap" }
    }
    let isSmall = layout.size.width < 40 || layout.size.height < 10
    if isSmall { return layout.panes.isEmpty && layout.plainLine != nil ? nil : "panes on a small screen" }
    guard let rect = layout.rect(of: focus) else { return "the focused pane does not show" }
    if rect.width < 30 || rect.height < 4 { return "the focused pane has only \(rect.size)" }
    if layout.panes.map(\.pane) != layout.panes.map(\.pane).sorted() { return "panes out of order" }
    let covered = layout.panes.reduce(0) { $0 + $1.rect.width * $1.rect.height }
    return covered == layout.size.width * (layout.size.height - 2) || layout.panes.count % 2 == 1 ? nil : "cells without a pane"
  }

  @Test func `large screens show everything`() {
    let layout = ScreenLayout(Size(width: 120, height: 31), focus: .services)
    #expect(layout.panes.map(\.pane) == Pane.allCases)
  }

  @Test func `medium screens show seven panes`() {
    let layout = ScreenLayout(Size(width: 80, height: 24), focus: .services)
    #expect(layout.panes.map(\.pane) == [.services, .sync, .metrics, .breaker, .backpressure, .reconnection, .events])
    #expect(ScreenLayout(Size(width: 80, height: 24), focus: .verdict).rect(of: .events) == nil)
  }

  @Test func `beyond 200 columns charts and events grow`() throws {
    let narrow = ScreenLayout(Size(width: 210, height: 60), focus: .events)
    let wide = ScreenLayout(Size(width: 300, height: 60), focus: .events)
    for pane in [Pane.sync, .events] {
      let before = try #require(narrow.rect(of: pane))
      let after = try #require(wide.rect(of: pane))
      #expect(after.width >= before.width + 60)
    }
    #expect(wide.rect(of: .services)?.width == 60)
  }
}

extension ScreenLayout {
  /// The rectangle of a pane; nil when it does not show.
  func rect(of pane: Pane) -> Rect? { panes.first { $0.pane == pane }?.rect }
}
