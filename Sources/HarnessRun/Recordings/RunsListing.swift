import Events
import Recording
import RunModel
import WireFormats

/// Recordings as lines and as JSON.
package enum RunsListing {
  /// A line a recording: name, verdict, duration, size, commit.
  package static func lines(_ recordings: [RecordingSummary], folder: String) -> String {
    guard !recordings.isEmpty else { return "no recordings in \(folder)\n" }
    let names = max(4, recordings.map { $0.name.count }.max() ?? 4)
    var lines = [pad("name", width: names) + "  verdict       duration      size  commit"]
    for recording in recordings {
      let verdict = pad(recording.verdictWord + (recording.isPinned ? " *" : ""), width: 14)
      let seconds = pad(recording.duration ?? "not known", width: 9, alignment: .right)
      let size = pad(bytes(recording.bytes), width: 9, alignment: .right)
      let commit = recording.head.map(commit) ?? ""
      let trouble = recording.trouble.map { "cannot be read: \($0)" } ?? commit
      lines.append("\(pad(escapeUntrusted(recording.name), width: names))  \(verdict)\(seconds) \(size)  \(escapeUntrusted(trouble))")
    }
    if recordings.contains(where: \.isPinned) { lines.append("* pinned: kept whatever its age") }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func commit(_ head: RecordingHead) -> String {
    guard let commit = head.origin["commit"] else { return "" }
    return commit.prefix(10) + (head.isEdited ? " edited" : "")
  }

  /// Everything that is known of one without reading it whole.
  package static func details(_ recording: RecordingSummary) -> String {
    var rows: [(String, String)] = [("file", recording.path), ("verdict", recording.verdictWord), ("size", bytes(recording.bytes))]
    if let trouble = recording.trouble { rows.append(("trouble", trouble)) }
    if let head = recording.head {
      rows += [
        ("scenario", head.scenario ?? "none"), ("environment", head.environment), ("contract", head.contract),
        ("speed", NumberText.shortest(head.speed)), ("began", time(head.start)), ("logs", head.lacksLogs ? "left out" : "kept"),
      ]
      rows += head.origin.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
    if let verdict = recording.verdict {
      rows += [("duration", recording.duration ?? "not known"), ("newest verdict at", "#\(verdict.newest)")]
      let counts = verdict.counts
      rows.append(
        ("expectations", "\(counts.met) met, \(counts.violated) violated, \(counts.unobservable) not known, \(counts.pending) pending"))
      if let violation = verdict.firstViolation { rows.append(("first violation", "#\(violation)")) }
      if let reason = verdict.endReason { rows.append(("ended", reason)) }
    }
    rows.append(("written to its end", recording.isComplete ? "yes" : recording.isBeingWritten ? "not yet" : "no"))
    rows.append(("pinned", recording.isPinned ? "yes" : "no"))
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { "\(pad($0.0, width: width))  \(escapeUntrusted($0.1))\n" }.joined()
  }

  /// The same as JSON, one array.
  package static func json(_ recordings: [RecordingSummary]) -> String {
    JSONValue.array(
      recordings.map { recording in
        var members: [String: JSONValue] = [
          "name": .string(recording.name), "file": .string(recording.path), "verdict": .string(recording.verdictWord),
          "bytes": .unsigned(recording.bytes), "pinned": .bool(recording.isPinned), "complete": .bool(recording.isComplete),
          "being_written": .bool(recording.isBeingWritten),
        ]
        members["trouble"] = recording.trouble.map(JSONValue.string)
        members["scenario"] = recording.head?.scenario.map(JSONValue.string)
        members["environment"] = recording.head.map { .string($0.environment) }
        members["started_at"] = recording.head.map { .string(time($0.start)) }
        members["duration_seconds"] = recording.seconds.map(JSONValue.number)
        members["first_violation"] = recording.verdict?.firstViolation.map { .string($0.description) }
        members["commit"] = recording.head?.origin["commit"].map(JSONValue.string)
        members["dirty"] = recording.head?.origin["dirty"].map(JSONValue.string)
        return .object(members)
      }
    ).document
  }

  /// What will go, and why; what a `prune` says before it does anything.
  package static func leaving(_ leaving: [Retention.Leaving], drafts: [String]) -> String {
    leaving.map { "\(escapeUntrusted($0.recording.name))  \(bytes($0.recording.bytes))  \($0.reason)\n" }.joined()
      + drafts.map { "\(escapeUntrusted($0))  left behind by a rewriting that was ended\n" }.joined()
  }

  private static func time(_ time: WallTime) -> String {
    let civil = CivilTime(epochSeconds: Int(min(max(time.epochSeconds, 0), 1e11)))
    return "\(civil.date)T\(civil.time)Z"
  }

  fileprivate static func duration(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds, 0), 1e9).rounded())
    return whole < 3600
      ? "\(NumberText.padded(whole / 60, 2)):\(NumberText.padded(whole % 60, 2))"
      : "\(whole / 3600):\(NumberText.padded(whole / 60 % 60, 2)):\(NumberText.padded(whole % 60, 2))"
  }

  private static func bytes(_ count: UInt64) -> String {
    switch count {
    case ..<1000: "\(count) B"
    case ..<1_000_000: "\(NumberText.fixed(Double(count) / 1e3, 1)) kB"
    case ..<1_000_000_000: "\(NumberText.fixed(Double(count) / 1e6, 1)) MB"
    default: "\(NumberText.fixed(Double(count) / 1e9, 1)) GB"
    }
  }
}

extension RecordingSummary {
  fileprivate var duration: String? { seconds.map(RunsListing.duration) }
}
