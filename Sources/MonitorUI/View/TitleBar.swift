import Contracts
import Events
import RunModel
import TerminalCanvas
import WireFormats

/// The first line: what runs, how it stands, whether what shows is now.
enum TitleBar {
  /// What goes first when there is little room, from the end; the names go before what is wrong does.
  private enum Rank: Int, Comparable {
    case mode, standing, wrong, verdict, lost, worker, speed, stream, recording, clock, cost

    /// How many columns the names keep beside it, of those that they would fill in so wide a bar.
    func reserved(_ names: Int, width: Int) -> Int {
      switch self {
      case .mode, .standing, .wrong, .verdict: 0
      case .lost, .worker, .speed, .stream, .recording, .clock: min(names, max(12, width / 4)) + 1
      // What the names say matters more than what dubwatch itself costs.
      case .cost: names + 1
      }
    }

    static func < (left: Rank, right: Rank) -> Bool { left.rawValue < right.rawValue }
  }

  private struct Part {
    var spans: [Span]
    var rank: Rank
    /// What a click on it means; nil for nothing.
    var action: Command.Action?
    var width: Int { spans.reduce(0) { $0 + displayWidth($1.text) } }
  }

  /// Names in fewer columns say nothing.
  private static let leastNames = 4

  /// - Parameter showsVerdict: whether the pane shows that says what is wrong and what is judged.
  static func draw(_ p: inout Painter, _ rect: Rect, showsVerdict: Bool) {
    let scene = p.scene
    var parts = self.parts(scene, width: rect.width, isVerdictNeeded: rect.width < 120 || scene.ui.isZoomed || !showsVerdict)
    let names = self.names(scene, width: rect.width)
    let namesWidth = names.reduce(0) { $0 + displayWidth($1.text) }
    func total() -> Int { parts.reduce(0) { $0 + $1.width + 3 } }
    while parts.count > 1, let worst = parts.indices.max(by: { parts[$0].rank < parts[$1].rank }) {
      guard total() + parts[worst].rank.reserved(namesWidth, width: rect.width) > rect.width else { break }
      parts.remove(at: worst)
    }
    let room = max(0, rect.width - total() - 1)
    if room >= min(namesWidth, leastNames) {
      p.canvas.putTruncated(names, x: rect.x + 1, y: rect.y, width: room, ellipsis: scene.glyphs.ellipsis)
    }
    var x = max(rect.x, rect.maxX - total())
    for part in parts {
      x += 2
      if let action = part.action {
        let place = Rect(x: x, y: rect.y, width: min(part.width, max(0, rect.maxX - x)), height: min(1, rect.height))
        p.hits.append(HitRegion(rect: place, meaning: .command(action)))
      }
      x += p.canvas.put(part.spans, x: x, y: rect.y, maxWidth: max(0, rect.maxX - x))
      x += 1
    }
  }

  private static func names(_ scene: Scene, width: Int) -> [Span] {
    let run = scene.run
    var spans: [Span] = []
    if width >= 100 { spans.append(scene.span("dubwatch  ", .title)) }
    guard let description = run.description else {
      spans.append(scene.span("waiting for the run to be described", .dim))
      return spans
    }
    let dot = " · "
    if let scenario = description.scenario { spans += [scene.span(scenario, .title), scene.span(dot, .dim)] }
    spans.append(scene.span(description.environment))
    if width >= 100 { spans += [scene.span(dot, .dim), scene.span("contract \(description.contract.name)")] }
    return spans
  }

  private static func parts(_ scene: Scene, width: Int, isVerdictNeeded: Bool) -> [Part] {
    let run = scene.run
    var parts = [
      Part(spans: standing(scene), rank: .standing), Part(spans: mode(scene), rank: .mode, action: scene.ui.time == .live ? .pause : .live),
    ]
    let streams = run.streams.all
    if streams.count > 1, let shown = run.shownStream(scene.ui.stream), let index = streams.firstIndex(where: { $0.name == shown.name }) {
      let key = scene.ui.bindings.keys[.stream(1)]?.first.map(KeyText.text)
      var spans = [scene.span("stream "), scene.span(truncate(shown.name.text, width: 24), .title)]
      spans.append(scene.span(" \(index + 1)/\(streams.count)", .dim))
      if let key, width >= 120 { spans += [Span(" "), scene.span(key, .key)] }
      parts.append(Part(spans: spans, rank: .stream, action: .stream(1)))
    }
    let lanes = run.workerLanes
    if lanes.count > 1, let index = lanes.firstIndex(of: run.shownLane) {
      let key = scene.ui.bindings.keys[.worker(1)]?.first.map(KeyText.text)
      var spans = [scene.span("of "), scene.span(truncate(run.shownLane.description, width: 32), .title)]
      spans.append(scene.span(" \(index + 1)/\(lanes.count)", .dim))
      if let key { spans += [Span(" "), scene.span(key, .key)] }
      parts.append(Part(spans: spans, rank: .worker, action: .worker(1)))
    }
    if run.lostLines > 0 { parts.append(Part(spans: [scene.span("\(run.lostLines) lines lost", .bad)], rank: .lost)) }
    if let speed = run.description?.speed, speed != 1 {
      parts.append(Part(spans: [scene.span("speed \(Format.number(speed))x", .warning)], rank: .speed))
    }
    let recording = RecordingMark.spans(scene)
    if !recording.isEmpty { parts.append(Part(spans: recording, rank: .recording)) }
    let verdict = VerdictPane.counts(scene)
    if !verdict.isEmpty, isVerdictNeeded { parts.append(Part(spans: verdict, rank: .verdict, action: .focus(.verdict))) }
    let wrong = scene.alarms.filter { !$0.isExpectation }
    if !wrong.isEmpty, isVerdictNeeded {
      let severity: EventRow.Severity = wrong.contains { $0.severity == .bad } ? .bad : .warning
      parts.append(
        Part(
          spans: [scene.glyph(severity), scene.span(" \(wrong.count) wrong", scene.role(severity))], rank: .wrong,
          action: .focus(.verdict)))
    }
    if width >= 100, let cost = run.ownCost {
      // In fixed columns: what stands beside it never moves.
      let share = pad(Format.fixed(cost.cpuPercent, 1), width: 5, alignment: .right)
      let memory = pad(Format.bytes(cost.residentBytes), width: 6, alignment: .right)
      parts.append(Part(spans: [scene.span("own\(share) % \(memory)", .dim)], rank: .cost))
    }
    if let clock = scene.wallClock { parts.append(Part(spans: [scene.span(clock)], rank: .clock)) }
    return parts
  }

  /// "> RUNNING 00:52 / 01:30".
  static func standing(_ scene: Scene) -> [Span] {
    let run = scene.run
    // Waiting for the environment is no part of what is expected; what is over takes no more time.
    let isWaiting = run.environment?.value == .starting
    let expected =
      scene.screenWidth < 60 || isWaiting ? "" : run.description?.expectedSeconds.map { " / \(Format.elapsed($0))" } ?? ""
    let elapsed = "\(Format.elapsed(run.ranSeconds))\(expected)"
    if let failure = run.environmentFailure, run.ended != nil || scene.ui.feedEnded != nil { return failed(failure, elapsed, scene) }
    // At an earlier moment it went on.
    let isPast = scene.ui.time != .live && scene.ui.shownInstant < scene.ui.liveNow
    if let reason = isPast ? run.ended?.value : scene.ui.feedEnded ?? run.ended?.value {
      let why = scene.screenWidth >= 100 ? " \(truncate(reason, width: 28))" : ""
      return [scene.span("\(scene.glyphs.filledBox) ENDED", .title), scene.span("\(why) \(elapsed)")]
    }
    switch run.environment?.value {
    // Nobody owns the environment: it is only watched.
    case nil: return [scene.span("> WATCHING", .good), scene.span(" \(elapsed)")]
    case .starting: return [scene.span("\(scene.glyphs.pending) STARTING", .warning), scene.span(" \(elapsed)")]
    case .ready: return [scene.span("\(scene.glyphs.good) READY", .good), scene.span(" \(elapsed)")]
    case .running: return [scene.span("> RUNNING", .good), scene.span(" \(elapsed)")]
    case .stopped: return [scene.span("\(scene.glyphs.filledBox) STOPPED", .title), scene.span(" \(elapsed)")]
    case .failed: return failed(run.environmentReason, elapsed, scene)
    }
  }

  private static func failed(_ why: String?, _ elapsed: String, _ scene: Scene) -> [Span] {
    let reason = why.map { " \(truncate($0, width: scene.screenWidth >= 100 ? 32 : 16))" } ?? ""
    return [scene.span("\(scene.glyphs.bad) FAILED\(reason)", .bad), scene.span(" \(elapsed)")]
  }

  /// LIVE, PAUSED or REPLAY, loud.
  static func mode(_ scene: Scene) -> [Span] {
    switch scene.ui.time {
    case .live:
      if scene.ui.isReplay { return [scene.span(" REPLAY ", .paused)] }
      if scene.ui.feedEnded != nil || scene.run.ended != nil { return [scene.span("\(scene.glyphs.unknown) LAST", .title)] }
      return [scene.span("\(scene.glyphs.good) LIVE", .live)]
    case .frozen(let instant):
      let behind = scene.ui.liveNow.seconds(since: instant)
      let word = scene.ui.isReplay ? "REPLAY" : "PAUSED"
      return [scene.span(" \(word) \(pad("-\(Format.wholeAge(behind))", width: 6, alignment: .right)) ", .paused)]
    }
  }
}
