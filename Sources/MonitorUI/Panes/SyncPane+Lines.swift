import Contracts
import Events
import MediaSync
import RunModel
import TerminalCanvas
import WireFormats

/// The lines below the ribbon of a probed stream.
extension SyncPane {
  /// "late", "early", "in step": positive is audio later than video. It is said of the figure as shown, in whole milliseconds: 0 is in step.
  static func sign(_ milliseconds: Double) -> String {
    let shown = milliseconds.rounded()
    return shown > 0 ? "late" : shown < 0 ? "early" : "in step"
  }

  /// The figure with its sign; 0 has none.
  static func signed(_ milliseconds: Double) -> String { milliseconds.rounded() == 0 ? "0" : Format.signed(milliseconds) }

  /// Numbers stand at the right of fixed columns: nothing beside them moves when they grow.
  private static func right(_ text: String, _ width: Int) -> String {
    displayWidth(text) < width ? pad(text, width: width, alignment: .right) : text
  }

  private static func figure(_ milliseconds: Double) -> String { right(Format.fixed(milliseconds, 0), 3) }

  private static func padded(_ text: String, atLeast width: Int) -> String {
    displayWidth(text) < width ? pad(text, width: width) : text
  }

  /// "late " or "early" in as many columns; "in step" takes two more.
  private static func shortWord(_ milliseconds: Double) -> String {
    padded(sign(milliseconds), atLeast: 5)
  }

  private static func role(_ milliseconds: Double, _ view: SyncView, _ scene: Scene) -> Role {
    if view.staleSeconds != nil { return .warning }
    return abs(milliseconds) < scene.thresholds.syncMilliseconds ? .text : .bad
  }

  private static func troubleSpans(_ view: SyncView, _ scene: Scene) -> [Span] {
    view.trouble(scene).map { [scene.span($0.words, $0.role), Span("  ")] } ?? []
  }

  private static func old(_ view: SyncView) -> String { view.staleSeconds.map { " (\(Format.wholeAge($0)) old)" } ?? "" }

  /// "content +18 ms late  p50 12 p95 31 max 44  drift +0.4 ms/min".
  static func figuresLine(_ view: SyncView, _ scene: Scene) -> [Span] {
    var spans = troubleSpans(view, scene)
    guard let summary = view.summary else {
      if !spans.isEmpty { return spans }
      let why = view.contentTrouble(scene) ?? "not measured yet"
      return spans + [scene.span("content ", .label), scene.span("\(scene.glyphs.dash) \(why)", .dim)]
    }
    spans += [
      scene.span("\(view.figure.name) ", .label),
      scene.span(
        "\(right(signed(summary.latest), 4)) ms \(padded("\(sign(summary.latest))\(old(view))", atLeast: 7)) ",
        role(summary.latest, view, scene)),
      scene.span("p50 \(figure(summary.p50)) p95 \(figure(summary.p95)) max \(figure(summary.max))"),
    ]
    if view.figure == .content, let fit = view.track.fit, fit.isSpeedOff {
      // Of what runs at another speed the speed says more than what it comes to in a minute.
      spans.append(scene.span("  \(fit.speedWords)", .bad))
    } else if let drift = summary.driftPerMinute {
      spans.append(scene.span("  drift \(right(Format.signed(drift, 1), 5)) ms/min"))
    }
    return spans
  }

  /// "segments ■■■■■■■■□□ 8/8 within 120 ms   timestamps +3   service claims 12".
  static func segmentsLine(_ p: inout Painter, _ rect: Rect, _ row: Int, _ view: SyncView, hasShareLine: Bool) {
    let scene = p.scene
    let limit = scene.thresholds.syncMilliseconds
    let boxes = view.segments.boxes(view.figure, thresholdMilliseconds: limit)
    let selected = selection(scene.ui)
    var spans = [scene.span("segments ", .label)]
    for box in boxes {
      var span = boxSpan(box, scene)
      if let segment = box.segment, segment.index == selected { span.style = span.style.merged(with: scene.style(.selection)) }
      spans.append(span)
    }
    let isGood = view.share.map { $0 >= scene.thresholds.syncShare }
    let role: Role = isGood.map { $0 ? .text : .bad } ?? .dim
    spans.append(scene.span(" \(view.scored.within)/\(view.scored.count) within \(Format.fixed(limit, 0)) ms", role))
    if let isGood, !hasShareLine { spans += [Span(" "), scene.verdict(isGood)] }
    // The claim stands at the right end, so that nothing moves when the figure before it grows.
    let claim = claimText(scene)
    let left = otherFigure(view, scene)
    let width = [spans, left].joined().reduce(0) { $0 + displayWidth($1.text) }
    let name = width + displayWidth(claim) + 16 <= rect.width ? "service claims " : "claims "
    p.line(rect, row, spans + left, right: [scene.span(name, .label), scene.span(claim)])
    for (index, box) in boxes.enumerated() {
      guard let segment = box.segment, rect.width > 9 + index else { continue }
      let cell = Rect(x: rect.x + 9 + index, y: rect.row(row).y, width: 1, height: rect.row(row).height)
      p.hits.append(HitRegion(rect: cell, meaning: .row(.sync, item: segment.index, at: segment.at)))
    }
  }

  private static func boxSpan(_ box: SyncSegments.ScoreBox, _ scene: Scene) -> Span {
    switch box {
    case .within: scene.span(String(scene.glyphs.filledBox), .good)
    case .outside: scene.span(String(scene.glyphs.bad), .bad)
    case .unscored: scene.span(scene.glyphs == .unicode ? "·" : "-", .dim)
    case .empty: scene.span(String(scene.glyphs.emptyBox), .dim)
    }
  }

  /// What is measured beside the figure that the ribbon shows, by its name.
  private static func otherFigure(_ view: SyncView, _ scene: Scene) -> [Span] {
    guard view.figure == .content else {
      return [scene.span("   content ", .label), scene.span(view.contentTrouble(scene) ?? String(scene.glyphs.dash))]
    }
    let value = view.alignment.map { Format.signed($0.value.deltaMilliseconds) } ?? String(scene.glyphs.dash)
    return [scene.span("   timestamps ", .label), scene.span(value)]
  }

  /// The newest claim, with a sign where the service keeps it.
  private static func claimText(_ scene: Scene) -> String {
    guard let claim = scene.run.sync.claims.last?.value else { return String(scene.glyphs.dash) }
    let stale = scene.claimStaleSeconds.map { " (\(Format.wholeAge($0)) old)" } ?? ""
    return "\(scene.run.sync.claimIsUnsigned ? Format.fixed(claim, 0) : Format.signed(claim))\(stale)"
  }

  /// "100 % of 95 % needed ✓   timestamps 8/8 within   ◆ 1 seam": the share in words, the other rule, and what broke the stream.
  static func shareLine(_ view: SyncView, _ scene: Scene, width: Int) -> [Span] {
    let needed = scene.thresholds.syncShare
    var spans: [Span] = []
    if let share = view.share {
      spans += [
        scene.span("\(percent(share)) within", share >= needed ? .text : .bad),
        scene.span(", \(percent(needed)) needed ", .dim), scene.verdict(share >= needed),
      ]
    } else {
      spans.append(scene.span("no segment scored yet, \(percent(needed)) must lie within", .dim))
    }
    if view.figure == .content, !view.track.alignments.isEmpty {
      let limit = scene.thresholds.syncMilliseconds
      let within = view.track.alignments.reduce(0) { $0 + ($1.value.isWithin(thresholdMilliseconds: limit) ? 1 : 0) }
      let isGood = Double(within) >= needed * Double(view.track.alignments.count)
      spans += [
        scene.span("  timestamps ", .label), scene.span("\(within)/\(view.track.alignments.count) ", isGood ? .text : .bad),
        scene.verdict(isGood),
      ]
    }
    let room = width - spans.reduce(0) { $0 + displayWidth($1.text) }
    let words = breakSpans(view, scene, hasWords: true)
    return spans + (words.reduce(0) { $0 + displayWidth($1.text) } <= room ? words : breakSpans(view, scene, hasWords: false))
  }

  /// How often the stream broke, with the glyphs that mark it on the axis.
  private static func breakSpans(_ view: SyncView, _ scene: Scene, hasWords: Bool) -> [Span] {
    var counts = [0, 0, 0]
    var glyphs: [Character?] = [nil, nil, nil]
    for point in view.track.breaks {
      let kind: Int
      switch point.value {
      case .gap: kind = 0
      case .seam, .defect: kind = 1
      case .wrap: kind = 2
      case .opened, .closed, .readerLost, .stalled, .resumed, .alignment, .mark, .contentOffset, .heard, .content, .fit, .span: continue
      }
      counts[kind] += 1
      glyphs[kind] = breakGlyph(point.value, scene.glyphs)
    }
    return zip(zip(counts, glyphs), ["gap", "seam", "wrap"]).flatMap { entry, word -> [Span] in
      guard entry.0 > 0, let glyph = entry.1 else { return [] }
      let text = hasWords ? " \(entry.0) \(word)\(entry.0 == 1 ? "" : "s")" : " \(entry.0)"
      return [scene.span("  \(glyph)", .mark), scene.span(text, .dim)]
    }
  }

  /// "now +18 late  p95 31  8/8 within  100 %": all that one line holds; the share stands at its right end.
  static func compactLine(_ view: SyncView, _ scene: Scene, width: Int) -> (left: [Span], right: [Span]) {
    var spans = troubleSpans(view, scene)
    guard let summary = view.summary else {
      if spans.isEmpty {
        spans = [scene.span("content ", .label), scene.span(view.contentTrouble(scene) ?? "not measured yet", .dim)]
      }
      return (spans, [])
    }
    let role = role(summary.latest, view, scene)
    if let age = view.staleSeconds {
      // What is too old is not "now".
      let name = view.figure == .alignment ? "timestamps were " : "was "
      let value = "\(signed(summary.latest)) \(sign(summary.latest)) \(Format.wholeAge(age)) ago"
      return (spans + [scene.span(name, .label), scene.span(value, role)], [])
    }
    let name = view.figure == .alignment ? "timestamps" : "now"
    spans += [
      scene.span("\(name) ", .label), scene.span("\(right(signed(summary.latest), 4)) \(shortWord(summary.latest))", role),
      scene.span(" p95 \(figure(summary.p95))"),
    ]
    guard let share = view.share, view.trouble(scene) == nil else { return (spans, []) }
    let isGood = share >= scene.thresholds.syncShare
    let percent = [scene.span(percent(share), isGood ? .good : .bad)]
    let count = "  \(view.scored.within)/\(view.scored.count)"
    let used = spans.reduce(0) { $0 + displayWidth($1.text) } + displayWidth(count)
    // The share says more than the word before it.
    spans.append(scene.span("\(count)\(used + 13 <= width ? " within" : "")", isGood ? .text : .bad))
    return (spans, percent)
  }

  private static func percent(_ share: Double) -> String { "\(Format.fixed((share * 100).rounded(.down), 0)) %" }

  /// Every segment with both figures, newest last; only where the pane has the whole screen.
  static func segmentTable(_ p: inout Painter, _ rect: Rect, _ top: Int, _ rows: Int, _ view: SyncView) {
    let scene = p.scene
    let limit = scene.thresholds.syncMilliseconds
    let all = view.segments.all
    let selected = scene.ui.selection[.sync].flatMap { id in all.firstIndex { $0.index >= id } }
    let window = ListWindow(count: all.count, height: rows, offset: .max, selection: selected)
    func figure(_ name: String, _ value: Double?) -> [Span] {
      guard let value else { return [scene.span(pad("\(name) \(scene.glyphs.dash)", width: 28), .dim)] }
      let isGood = abs(value) < limit
      let text = "\(signed(value)) ms \(sign(value))"
      return [
        scene.span("\(name) ", .label), scene.span(pad(text, width: max(0, 24 - name.utf8.count)), isGood ? .text : .bad),
        scene.verdict(isGood), Span("  "),
      ]
    }
    for (row, index) in window.range.enumerated() {
      let segment = all[index]
      var spans = [scene.span(pad("\(segment.index)", width: 6, alignment: .right)), scene.span("  \(scene.clock(segment.at))  ", .dim)]
      spans += figure("content", segment.content?.offsetMilliseconds)
      spans += figure("timestamps", segment.alignment?.deltaMilliseconds)
      if let content = segment.content { spans.append(scene.span("\(content.markCount) marks", .dim)) }
      p.line(rect, top + row, spans)
      p.hits.append(HitRegion(rect: rect.row(top + row), meaning: .row(.sync, item: segment.index, at: segment.at)))
      if selected == index { p.select(rect, top + row) }
    }
  }
}
