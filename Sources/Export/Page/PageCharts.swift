import Events
import RunModel
import WireFormats

/// The pictures of a page: lanes and series above each other on one axis, with faults as bands behind them.
struct PageCharts {
  let axis: PageAxis
  let lanes: [RunLane]
  let series: [RunSeries]
  private let bands: String

  /// Points of one line in a picture at most: more would lie on the same places.
  private static let pointLimit = 2000

  init(_ run: ExportedRun) {
    lanes = run.lanes
    series = run.series
    // What was logged before the run began is in the table of events; the pictures begin with the run.
    axis = PageAxis(from: .zero, to: run.state.now)
    let axis = axis
    bands = run.state.faults.map { fault in
      let from = axis.x(fault.began)
      let width = max(1, axis.x(fault.ended ?? run.state.now) - from)
      return "<rect class=\"band\" x=\"\(PageAxis.number(from))\" y=\"0\" width=\"\(PageAxis.number(width))\" height=\"100\"/>"
    }.joined()
  }

  /// All of them as markup.
  var markup: String {
    var rows = [
      "<div class=\"chart axis\"><div class=\"name\"></div><div class=\"plot\">\(ticks)</div><div class=\"value\">at cursor</div></div>"
    ]
    for (index, lane) in lanes.enumerated() { rows.append(chart(lane.name, "l\(index)", picture(of: lane), description(of: lane))) }
    for (index, one) in series.enumerated() {
      rows.append(chart(one.name, "s\(index)", picture(of: one), description(of: one)))
    }
    return rows.joined(separator: "\n")
  }

  /// The same as numbers, for the cursor: times in milliseconds of the run's axis, offsets to a microsecond, all else as it was read.
  var data: JSONValue {
    [
      "from": .number(axis.from.seconds * 1000), "to": .number(axis.to.seconds * 1000),
      "lanes": .array(
        lanes.map { lane in
          .array(lane.spans.map { [milliseconds($0.from), milliseconds($0.to), .string(escapeUntrusted($0.word))] })
        }),
      "series": .array(
        series.map { one in
          [
            "unit": .string(one.unit), "steady": .bool(one.isSteady), "t": .array(one.points.map { milliseconds($0.at) }),
            "v": .array(one.points.map { .shortest(one.unit == "ms" ? ($0.value * 1000).rounded() / 1000 : $0.value) }),
          ]
        }),
    ]
  }

  /// Rounded up, so that the cursor is never before what it shows.
  private func milliseconds(_ instant: RunInstant) -> JSONValue { .number((instant.seconds * 1000).rounded(.up)) }

  private var ticks: String {
    axis.ticks.map { "<span style=\"left:\(PageAxis.number($0.x / 10))%\">\(HTML.text($0.label))</span>" }.joined()
  }

  private func chart(_ name: String, _ id: String, _ picture: String, _ description: String) -> String {
    "<div class=\"chart\"><div class=\"name\">\(HTML.text(name))</div><div class=\"plot\">"
      + "<svg role=\"img\" aria-label=\"\(HTML.text("\(name): \(description)"))\" viewBox=\"0 0 1000 100\" preserveAspectRatio=\"none\">"
      + bands + picture + "<line class=\"cursor\" x1=\"0\" x2=\"0\" y1=\"0\" y2=\"100\"/></svg></div>"
      + "<output class=\"value\" id=\"\(id)\" for=\"cursor\"></output></div>"
  }

  private func picture(of lane: RunLane) -> String {
    lane.spans.map { span in
      let from = axis.x(span.from)
      let width = max(1, axis.x(span.to) - from)
      return "<rect class=\"\(span.severity.rawValue)\" x=\"\(PageAxis.number(from))\" y=\"15\" width=\"\(PageAxis.number(width))\" "
        + "height=\"70\"><title>\(HTML.text(span.word))</title></rect>"
    }.joined()
  }

  private func description(of lane: RunLane) -> String {
    let words = lane.spans.map { "\($0.word) from \(PageAxis.time($0.from.seconds))" }
    return Figure.list(words, atMost: 12)
  }

  private func picture(of one: RunSeries) -> String {
    let (low, high) = extent(of: one)
    func y(_ value: Double) -> Double { high > low ? 92 - (value - low) / (high - low) * 84 : 50 }
    let points = thinned(one.points)
    guard one.isSteady else {
      return points.map {
        "<rect class=\"dot\" x=\"\(PageAxis.number(axis.x($0.at) - 1.5))\" y=\"\(PageAxis.number(y($0.value) - 4))\" width=\"3\" height=\"8\"/>"
      }.joined()
    }
    // A value holds until the next is read.
    let steps = points.enumerated().map { index, point in
      let (x, y) = (PageAxis.number(axis.x(point.at)), PageAxis.number(y(point.value)))
      return index == 0 ? "M\(x) \(y)" : "H\(x)V\(y)"
    }
    let path = steps.joined() + "H\(PageAxis.number(PageAxis.width))"
    return "<path class=\"line\" d=\"\(path)\"/>"
  }

  /// So many points that the picture stays small: of neighbours that lie on one place, the lowest and the highest.
  private func thinned(_ points: [Timed<Double>]) -> [Timed<Double>] {
    guard points.count > Self.pointLimit else { return points }
    let size = points.count / (Self.pointLimit / 2) + 1
    return stride(from: 0, to: points.count, by: size).flatMap { start in
      let group = points[start..<min(start + size, points.count)]
      let ends = [group.min { $0.value < $1.value }, group.max { $0.value < $1.value }].compactMap(\.self)
      return ends.sorted { $0.at < $1.at }
    }
  }

  private func extent(of one: RunSeries) -> (low: Double, high: Double) {
    let values = one.points.map(\.value)
    return (values.min() ?? 0, values.max() ?? 0)
  }

  private func description(of one: RunSeries) -> String {
    let (low, high) = extent(of: one)
    let unit = one.unit.isEmpty ? "" : " \(one.unit)"
    return "\(Figure.text(low)) to \(Figure.text(high))\(unit), last \(Figure.text(one.points.last?.value ?? 0))\(unit)"
  }
}
