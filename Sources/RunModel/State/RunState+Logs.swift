import Contracts
import Events

extension RunState {
  /// Keeps log lines, and learns from them how far a service's clock stands from ours.
  mutating func applyLogLines(_ lines: [LogLine], _ envelope: EventEnvelope) {
    // Line after line of one service, as most events are: what is kept of it is looked up once.
    var start = lines.startIndex
    while start < lines.endIndex {
      let service = lines[start].service
      let end = lines[start...].firstIndex { $0.service != service } ?? lines.endIndex
      keep(lines[start..<end], of: service, envelope)
      start = end
    }
  }

  /// Keeps log lines of a service; the oldest ones go when there are too many, or too many bytes.
  private mutating func keep(_ lines: ArraySlice<LogLine>, of service: ServiceName, _ envelope: EventEnvelope) {
    if lines.contains(where: { !$0.isPast }) {
      enter(lane(logged: service))
      if service == logService { noteWorkerLine(at: envelope.instant) }
      enter(nil)
    }
    var log = logs.removeValue(forKey: service) ?? History(limit: limits.logLines)
    var bytes = logBytes[service] ?? 0
    var clock = logClocks[service]
    var form = logForms[service] ?? LogForm()
    var mistimed: RunInstant?
    var isTimed = false
    // What is read behind its writing says nothing of the service's clock.
    let isLagging = sources[SourceID(.log, service)]?.isLagging == true
    for line in lines {
      let length = line.text.utf8.count
      var kept = Timed(line, at: envelope.instant)
      if length > limits.logLineBytes {
        kept.value.text = String(decoding: line.text.utf8.prefix(limits.logLineBytes), as: UTF8.self) + "… (\(length) bytes)"
      }
      bytes += kept.value.text.utf8.count
      if log.count == log.limit { bytes -= log[0].value.text.utf8.count }
      log.append(kept)
      while bytes > limits.logBytes, log.count > 1 {
        bytes -= log[0].value.text.utf8.count
        log.dropFirst()
      }
      noteError(line, at: envelope.instant)
      form.note(line, at: envelope.instant)
      guard let reported = line.reportedAt, !line.isPast else { continue }
      let at = (clock ?? LogClock()).instant(reported: reported, seen: envelope.wall, at: envelope.instant)
      isTimed = true
      if isMistimed(at, envelope.instant, isPast: false, of: service) { mistimed = at }
      clock = clock ?? LogClock()
      if isLagging {
        let behind = envelope.wall.epochSeconds - reported.epochSeconds - (clock?.behindSeconds ?? 0)
        sources[SourceID(.log, service)]?.behindSeconds = max(0, behind)
      } else {
        clock?.note(reported: reported, seen: envelope.wall, at: envelope.instant)
      }
    }
    logForms[service] = form
    logClocks[service] = clock
    logBytes[service] = bytes
    logs[service] = log
    if let mistimed {
      tell(mistimed, of: service, envelope)
    } else if isTimed {
      takeBackMistimed(of: service, envelope)
    }
  }

  /// Says that times in a log cannot be right.
  private mutating func tell(_ mistimed: RunInstant, of service: ServiceName, _ envelope: EventEnvelope) {
    let seconds = envelope.instant.seconds(since: mistimed)
    mistimedAt[service] = envelope.instant
    let finding = Finding(
      id: "log-times-\(service)",
      text: "the clock of \(service) is \(Figure.seconds(seconds)) behind in lines of its log: they are placed by when they were read")
    if findings[finding.id] == nil { note(finding, at: envelope.instant, service: service) }
  }

  /// Its times have been right for a while.
  private mutating func takeBackMistimed(of service: ServiceName, _ envelope: EventEnvelope) {
    guard let last = mistimedAt[service], envelope.instant.seconds(since: last) > 2 * LogClock.trustSeconds * max(1, speed) else { return }
    mistimedAt[service] = nil
    note(
      Finding(id: "log-times-\(service)", text: "the clock of \(service) is right again", holds: false), at: envelope.instant,
      service: service)
  }

  /// Lines that came before their contract was known are read by it after all, so that what it expects does not look alarming.
  mutating func readLogsAgain() {
    for service in logs.keys { readLogAgain(of: service) }
  }

  /// The same of one service.
  mutating func readLogAgain(of service: ServiceName) {
    guard let description else { return }
    if let kept = logs[service] {
      var matcher = LogMatcher(contract: description.contract, hostUTCOffsetSeconds: description.localUTCOffsetSeconds)
      matcher.reference = wallNow
      var lines = kept
      for index in lines.indices {
        // What a text that was left out would have told is told by what was made of it when it was there.
        guard !(lines[index].value.lacksText && lines[index].value.text.isEmpty) else { continue }
        // A line that was cut is matched as far as it is kept.
        let (isPast, at) = (lines[index].value.isPast, lines[index].at)
        var line = matcher.match(lines[index].value.text, service: service).line
        // Before a contract read its time nothing told that it was written before it was followed.
        line.isPast = isPast || isWrittenBefore(line, at, of: service)
        lines[index].value = line
      }
      logs[service] = lines
      logErrors[service] = nil
      var form = LogForm()
      for line in lines {
        noteError(line.value, at: line.at)
        form.note(line.value, at: line.at)
      }
      logForms[service] = form
    }
  }

  /// Whether a line says that it was written before the log was followed: before the run, and long before it was read.
  private func isWrittenBefore(_ line: LogLine, _ readAt: RunInstant, of service: ServiceName) -> Bool {
    guard let reported = line.reportedAt, let wallNow, let started = description?.startedAt, reported < started else { return false }
    let read = WallTime(epochSeconds: wallNow.epochSeconds - now.seconds(since: readAt))
    return LogClock().instant(reported: reported, seen: read, at: readAt).seconds < -LogClock.trustSeconds * max(1, speed)
  }

  /// A log that is written faster than it is read: told when it begins and when it ends.
  mutating func noteLag(_ track: inout SourceTrack, _ status: SourceStatus, _ envelope: EventEnvelope) {
    guard (status.unreadBytes != nil) != track.isLagging else { return }
    track.isLagging = status.unreadBytes != nil
    track.behindSeconds = nil
    let what = envelope.source.kind.rawValue
    let (severity, text): (EventRow.Severity, String) =
      track.backlog.map { (.warning, "reading the \(what) is behind its writing: \($0)") } ?? (
        .good, "the \(what) is read as it is written again"
      )
    addRow(.source, severity, text, at: envelope.instant, service: envelope.source.service)
  }
}
