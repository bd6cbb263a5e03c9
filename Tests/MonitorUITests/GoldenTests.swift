import Events
import MonitorUI
import RunModel
import TerminalCanvas
import TestSupport
import Testing

/// Stored pictures. One file a pane, so that what changes in a pane shows there; one whole screen a size, for how all goes together.
@Suite struct GoldenTests {
  @Test(arguments: Pane.allCases) func `a pane looks as it did`(_ pane: Pane) throws {
    let pictures = Pictures.all + [Pictures.zoomed(pane)] + Pictures.own(of: pane)
    let shown = pictures.compactMap { picture in picture.pane(pane).map { (picture.title, $0) } }
    #expect(shown.count >= 8, "\(pane) hardly shows")
    try Golden.expect(shown, "pane-\(pane.number)-\(pane)")
  }

  @Test func `the bars above and below look as they did`() throws {
    var typing = Pictures.medium.after(.filter)
    typing.name = "a filter is typed"
    let zoomed = [Pictures.zoomed(.events)] + (Pictures.own(of: .sync) + Pictures.own(of: .events)).filter(\.ui.isZoomed)
    let broken = [(160, 48), (120, 24), (80, 24), (60, 15), (40, 10)].flatMap { width, height in
      [("broken", SampleRuns.broken()), ("violated", VerdictPaneTests.manyJudged())].map {
        Picture(name: $0.0, run: $0.1.state(), size: Size(width: width, height: height))
      }
    }
    let pictures = Pictures.all + [typing] + zoomed + broken
    try Golden.expect(
      pictures.flatMap { picture in
        [
          ("title, \(picture.title)", picture.canvas.cropped(to: picture.layout.titleBar)),
          ("keys, \(picture.title)", picture.canvas.cropped(to: picture.layout.keyBar)),
        ]
      }, "bars")
  }

  @Test func `what lies over the panes looks as it did, where it did`() throws {
    let below = Pictures.medium.canvas
    var shown: [(String, Canvas)] = []
    for (command, title) in [("help", "Help"), ("faults", "Inject a fault")] {
      let canvas = Pictures.medium.after(.named(command)).canvas
      let box = try #require(Self.box(title, in: canvas), "\(command) shows nothing")
      shown.append(("\(command) at \(box.x),\(box.y) of \(canvas.size)", canvas.cropped(to: box)))
      var bare = canvas
      bare.draw(below.cropped(to: box), at: Point(x: box.x, y: box.y))
      #expect(bare == below, "\(command) changes what is beside it")
    }
    try Golden.expect(shown, "overlays")
  }

  @Test(arguments: [(200, 60), (160, 48), (120, 40), (100, 30), (80, 24), (60, 15), (40, 10), (30, 5)])
  func `a whole screen looks as it did`(_ width: Int, _ height: Int) throws {
    var picture = Picture(name: "everything", run: Pictures.everything, size: Size(width: width, height: height))
    _ = picture.ui.reduce(.advanced(now: picture.run.now, oldest: .zero), in: picture.run)
    try Golden.expect([("", picture.canvas)], "screen-\(picture.size)")
  }

  /// How the room is shared out: text alone, the styles stand in the goldens of the panes.
  @Test(arguments: [(200, 60), (160, 48), (120, 40), (100, 30), (80, 24), (60, 15), (40, 10)])
  func `the room goes where it is needed`(_ width: Int, _ height: Int) throws {
    let size = Size(width: width, height: height)
    var judged = MonitorState()
    let violated = VerdictPaneTests.manyJudged().state()
    _ = judged.reduce(.focus(.verdict), in: violated)
    let pictures = [
      Picture(name: "a judged run", run: violated, ui: judged, size: size),
      Picture(name: "a healthy run", run: SampleRuns.healthyMediaService().state(), size: size),
      Picture(name: "a broken run, triage", run: SampleRuns.broken().state(), size: size).after(.named("preset")),
    ]
    try Golden.expect(pictures.map { Golden.Section(name: $0.name, text: $0.text) }, "room-\(size)")
  }

  /// The focused box with a title.
  private static func box(_ title: String, in canvas: Canvas) -> Rect? {
    let rows = canvas.rows().map { Array($0) }
    let head = Array("┏ \(title)")
    for (y, row) in rows.enumerated() {
      guard let x = row.indices.first(where: { row[$0...].starts(with: head) }), let end = row[x...].firstIndex(of: "┓"),
        let bottom = rows.indices.first(where: { $0 > y && rows[$0][x] == "┗" })
      else { continue }
      return Rect(x: x, y: y, width: end - x + 1, height: bottom - y + 1)
    }
    return nil
  }
}
