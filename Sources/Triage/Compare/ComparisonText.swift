import Events
import Recording
import RunModel
import Statistics
import WireFormats

extension Comparison {
  /// As lines, with good runs on the left and this run on the right.
  /// - Parameter width: columns of the two together.
  package func lines(width: Int = 140) -> [String] {
    var lines = heading
    lines += notes
    if let first = divergences.first {
      lines.append("first divergence: \(escapeUntrusted(first.sentence))")
      lines.append("")
      lines.append("candidates, of \(Figure.count(divergences.count, "divergence")):")
      for (index, candidate) in candidates.enumerated() { lines += text(candidate, index + 1) }
      lines.append("")
      lines += columns(width: width)
    } else {
      lines.append(
        ignorance.map { "no divergence found in what is there; the rest is not known: \(escapeUntrusted($0))" } ?? "no divergence found")
    }
    return lines + figureLines
  }

  private var heading: [String] {
    let outcome = bad.verdict.map { $0.outcome.rawValue } ?? "not known"
    let head =
      "\(escapeUntrusted(bad.path)) (\(outcome)) beside \(Figure.count(good.count, "good run")) of \(escapeUntrusted(bad.head.scenario ?? "none"))"
    return [head]
  }

  /// What limits what can be said.
  package var notes: [String] {
    var notes: [String] = []
    if !comparesTimes {
      notes.append(
        "only \(Figure.count(good.count, "good run")): presence is compared, times are only shown; \(Self.fewest) or more are learnt from")
    }
    if let missing = bad.missing { notes.append("of this recording \(escapeUntrusted(missing)): what is missing in it may have been lost") }
    if let longest = good.map(\.end).max(), bad.end + 1 < (good.map(\.end).min() ?? longest) {
      notes.append("this run ended \(NumberText.rounded(bad.end, 1)) s after the beginning; nothing later is compared")
    }
    return notes
  }

  private func text(_ candidate: Divergence, _ rank: Int) -> [String] {
    var lines = [
      "  \(rank). \(escapeUntrusted(candidate.sentence))  (\(candidate.kind.rawValue), Ochiai \(NumberText.fixed(candidate.similarity, 2)))"
    ]
    lines += commands(candidate).map { "     \($0)" }
    return lines
  }

  /// The commands that open both recordings there.
  package func commands(_ candidate: Divergence) -> [String] {
    let seconds = max(0, candidate.at)
    let own = candidate.event.map { "'#\($0.number)'" } ?? NumberText.fixed(bad.began + seconds, 1)
    var commands = ["dubwatch replay \(ShellWord.quoted(bad.path)) --at \(own)"]
    if let event = candidate.good {
      commands.append("dubwatch replay \(ShellWord.quoted(good[event.run].path)) --at '#\(event.event.number)'")
    } else if let other = good.first {
      commands.append("dubwatch replay \(ShellWord.quoted(other.path)) --at \(NumberText.fixed(other.began + seconds, 1))")
    }
    return commands
  }

  /// The lane of the first divergence around it: what all good runs have on the left, what this run has on the right.
  private func columns(width: Int) -> [String] {
    guard let first = candidates.first else { return [] }
    let place = excerpt.firstIndex { $0.event == first.event && $0.good == first.good?.event } ?? 0
    let shown = excerpt.indices.filter { abs($0 - place) <= 6 }
    let half = max(20, (width - 3) / 2)
    var lines = ["\(pad("\(good.count) good: \(first.lane.text)", width: half)) | this run"]
    for index in shown {
      let row = excerpt[index]
      let left = row.good.map { event in
        "\(pad(row.band?.sentence ?? NumberText.rounded(event.at, 1) + " s", width: 30)) \(event.text) (\(row.present) of \(good.count))"
      }
      let right = row.event.map { "\(pad(NumberText.fixed($0.at, 1), width: 7, alignment: .right)) s  #\($0.number) \($0.text)" }
      let mark = index == place ? ">" : "|"
      lines.append("\(pad(left ?? "", width: half)) \(mark) \(pad(right ?? "", width: half))")
    }
    if shown.count < excerpt.count { lines.append("\(excerpt.count - shown.count) more of this lane are not shown") }
    return lines.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
  }

  private var figureLines: [String] {
    let tested = figures.filter { $0.test != nil }
    let different = figures.filter(\.differs)
    var lines = [""]
    lines.append(
      "numbers: \(tested.count) tested, \(different.count) differ (Mann-Whitney with Holm's correction below 0.01, A12 0.71 or more)")
    for figure in different { lines.append("  \(Self.text(figure))") }
    let left = figures.count - tested.count
    if left > 0 {
      let why = comparesTimes ? "fewer than \(ComparedFigure.fewest) a side" : "too few good runs"
      lines.append("  not tested: \(left), \(why)")
    }
    return lines
  }

  private static func text(_ figure: ComparedFigure) -> String {
    let unit = figure.name.unit
    let medians = [figure.medians.bad, figure.medians.good].map { $0.map { "\(NumberText.rounded($0, 1)) \(unit)" } ?? "not known" }
    let p = figure.p.map { $0 < 0.0001 ? "below 0.0001" : NumberText.rounded($0, 4) } ?? "not known"
    return
      "\(escapeUntrusted(figure.name.name)) since \(escapeUntrusted(figure.name.phase)): median \(medians[0]), in good runs \(medians[1]) "
      + "(A12 \(NumberText.fixed(figure.test?.a12 ?? 0.5, 2)), p \(p), \(figure.counts.bad) and \(figure.counts.good) numbers)"
  }

  /// As JSON.
  package var json: JSONValue {
    [
      "bad": .string(bad.path), "good": .array(good.map { .string($0.path) }), "scenario": bad.head.scenario.map(JSONValue.string) ?? .null,
      "is_same": .bool(isSame), "not_known": ignorance.map(JSONValue.string) ?? .null, "compares_times": .bool(comparesTimes),
      "notes": .array(notes.map(JSONValue.string)),
      "divergences": .array(divergences.map(json)), "candidates": .array(candidates.map(json)),
      "figures": .array(figures.map(json)),
    ]
  }

  private func json(_ divergence: Divergence) -> JSONValue {
    [
      "kind": .string(divergence.kind.rawValue), "lane": .string(divergence.lane.text), "at_s": .number(divergence.at),
      "sentence": .string(divergence.sentence), "ochiai": .number(divergence.similarity),
      "number": divergence.event.map { .string($0.number.description) } ?? .null,
      "good": divergence.good.map { ["path": .string(good[$0.run].path), "number": .string($0.event.number.description)] } ?? .null,
      "commands": .array(commands(divergence).map(JSONValue.string)),
    ]
  }

  private func json(_ figure: ComparedFigure) -> JSONValue {
    [
      "name": .string(figure.name.name), "unit": .string(figure.name.unit), "since": .string(figure.name.phase),
      "count": .int(figure.counts.bad), "good_count": .int(figure.counts.good), "median": figure.medians.bad.map(JSONValue.number) ?? .null,
      "good_median": figure.medians.good.map(JSONValue.number) ?? .null, "is_tested": .bool(figure.test != nil),
      "a12": figure.test.map { .number($0.a12) } ?? .null, "p": figure.p.map(JSONValue.number) ?? .null, "differs": .bool(figure.differs),
    ]
  }
}
