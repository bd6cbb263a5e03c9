import MonitorUI
import PrometheusText
import RunModel
import TerminalCanvas
import Testing

@Suite struct SeriesTableTests {
  private func run(_ scrapes: [(Double, String)]) -> RunState {
    var script = Script()
    for (t, text) in scrapes { script.metrics(t, [:], text: text) }
    return script.state()
  }

  private func zoomed(_ run: RunState, _ commands: [Command.Action] = []) -> [String] {
    var ui = MonitorState()
    for command in [.focus3, .zoom] + commands { _ = ui.reduce(.command(command), in: run) }
    return MonitorView.render(run: run, ui: ui, size: Size(width: 100, height: 20)).rows()
  }

  static let first = """
    # TYPE b_total counter
    b_total{x="1"} 4
    # TYPE a gauge
    a 7
    # TYPE h histogram
    h_bucket{le="1"} 2
    h_bucket{le="+Inf"} 4
    h_sum 3
    h_count 4

    """
  static let second = first.replacing("b_total{x=\"1\"} 4", with: "b_total{x=\"1\"} 14")

  @Test func `names values rates and quantiles`() throws {
    let rows = zoomed(run([(1, Self.first), (3, Self.second)]))
    let a = try #require(rows.first { $0.contains(#/^┃ +7 +a +/#) })
    #expect(a.contains(" 7 "))
    let b = try #require(rows.first { $0.contains("b_total{x=\"1\"}") })
    #expect(b.contains(" 14 ") && b.contains("+5.0/s"))
    let h = try #require(rows.first { $0.contains(#/^┃ +4 +\+0\/s h +/#) })
    #expect(h.contains(" 4 ") && h.contains("+0/s"))
    #expect(!rows.contains { $0.contains("h_bucket") || $0.contains("h_sum") })
  }

  @Test func `a long name keeps its last label`() throws {
    let name = "media_service_worker_sts_processing_latency_seconds_of_a_stream"
    let text = "# TYPE \(name) gauge\n" + ["a", "b"].map { "\(name){stream_id=\"live/test\",stage=\"\($0)\"} 1\n" }.joined()
    let state = run([(1, text)])
    var ui = MonitorState()
    for command in [Command.Action.focus3, .zoom] { _ = ui.reduce(.command(command), in: state) }
    let rows = MonitorView.render(run: state, ui: ui, size: Size(width: 80, height: 24)).rows()
    for stage in ["a", "b"] {
      #expect(rows.contains { $0.contains("…") && $0.contains("stage=\"\(stage)\"") }, "\(rows.joined(separator: "\n"))")
    }
  }

  @Test func `the order changes`() throws {
    let state = run([(1, Self.first), (3, Self.second)])
    func names(_ commands: [Command.Action]) -> [Character] {
      zoomed(state, commands).dropFirst(3).prefix(3).compactMap { $0.firstMatch(of: #/ ([abh])(_total|  )/#)?.1.first }
    }
    #expect(names([]) == ["a", "b", "h"])
    #expect(names([.sort]) == ["b", "a", "h"])
    #expect(names([.sort, .sort]) == ["b", "h", "a"] || names([.sort, .sort]) == ["b", "a", "h"])
  }

  @Test func `a changed shape is seen`() {
    var ui = MonitorState()
    let before = run([(1, Self.first)])
    _ = ui.reduce(.command(.focus3), in: before)
    _ = ui.reduce(.command(.zoom), in: before)
    let after = run([(1, Self.first), (2, "only_this 1\n")])
    let rows = MonitorView.render(run: after, ui: ui, size: Size(width: 100, height: 20)).rows()
    #expect(rows.contains { $0.contains("only_this") } && !rows.contains { $0.contains("b_total") })
  }
}
