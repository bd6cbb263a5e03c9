import Contracts
import Events
import ProcessGuard
import RunModel
import WireFormats

/// Follows what a command prints (`docker logs -f x`), both streams; starts it again, with growing pauses, when it ends.
package actor LogCommandFollower: EventSource, ContractUser {
  /// Who it is.
  package nonisolated let id: SourceID
  private let command: String
  private let clock: any RunClock
  private let processGuard: ProcessGuard
  private let random: RandomUnit
  private let grace: Double
  private var reader: LogReader
  private var assemblers: [GuardedProcess.Channel: LineAssembler] = [:]
  private var hasPrinted = false
  private var lastErrorLine: String?
  private var backlog = LineBacklog()
  private var lag = ReadingLag(lagging: LineBacklog.byteLimit / 4, caughtUp: LineBacklog.byteLimit / 32)
  private var arrival: AsyncStream<Void>.Continuation?

  /// A follower of a command, which `/bin/sh -c` runs.
  /// - Parameter grace: how long the command has after TERM before KILL when the run ends, in seconds.
  package init(
    service: ServiceName, command: String, contract: Contract?, clock: any RunClock, processGuard: ProcessGuard,
    hostUTCOffsetSeconds: Int = 0, grace: Double = 1, random: @escaping RandomUnit = systemRandomUnit
  ) {
    id = SourceID(.log, service)
    self.command = command
    self.clock = clock
    self.processGuard = processGuard
    self.random = random
    self.grace = grace
    reader = LogReader(id: SourceID(.log, service), contract: contract, hostUTCOffsetSeconds: hostUTCOffsetSeconds)
  }

  /// The lines told last, by their hashes.
  private var known: Set<Int> = []
  private var order: [Int] = []
  private var isReplay = false
  /// When the command was started.
  private var began: (RunInstant, WallTime)?
  /// How many lines are known at least, once there were as many.
  private static let knownLines = 20_000
  /// How many lines are told before it is looked what else waits.
  private static let linesAtOnce = 1024
  /// How long a command has to stay to count as one that works, in seconds.
  private static let steadySeconds = 10.0
  /// How long one that ended before has to stay to be called readable again, in seconds.
  private static let provenSeconds = 2.0
  /// Whether the command ended before.
  private var hasEnded = false

  /// From now on lines are read by this contract.
  @discardableResult
  package func use(_ contract: Contract?) -> Set<SourceID> {
    let isReadAgain = reader.use(contract)
    // Also when the command has nothing more to say.
    if reader.isBehind { arrival?.yield() }
    return isReadAgain ? [id] : []
  }

  /// The contract stays as it is.
  package func settle() { reader.settle() }

  /// Produces events until cancelled.
  package func run(into sink: any EventSink) async {
    var schedule = PollSchedule(interval: 0.5, longestBackoff: 60)
    while !Task.isCancelled {
      let began = clock.now()
      let reason = await follow(sink)
      hasEnded = true
      if Task.isCancelled { return }
      let now = clock.now()
      // A command that printed something and stayed worked; one that ends at once is asked ever less often.
      if hasPrinted, now.seconds(since: began) >= Self.steadySeconds { _ = schedule.succeeded(startedAt: now, now: now) }
      let next = schedule.failed(now: now, random: random())
      let pause = max(0, next.seconds(since: now))
      await say(.failing(reason: reason, consecutiveFailures: schedule.consecutiveFailures, retryInSeconds: pause), sink)
      do { try await telling(sink) { try await clock.sleep(seconds: pause) } } catch { return }
    }
  }

  /// Runs the command until it ends; why it ended.
  private func follow(_ sink: any EventSink) async -> String {
    began = (clock.now(), clock.wallNow())
    isReplay = !known.isEmpty
    hasPrinted = false
    lastErrorLine = nil
    assemblers = [:]
    let child: GuardedProcess
    do {
      child = try await processGuard.start(ChildRequest("/bin/sh", ["-c", command])) { [self] channel, bytes in
        await take(bytes, channel)
      }
    } catch {
      return error.description
    }
    // One that ended at once does so again: that it runs shows only after a while that it can be read.
    let proof =
      hasEnded
      ? Task {
        try await clock.sleep(seconds: Self.provenSeconds)
        await say(.reading, sink)
      } : nil
    defer { proof?.cancel() }
    if proof == nil { await say(.reading, sink) }
    let exit = await telling(sink) { [grace] in
      let exit = await withTaskCancellationHandler {
        await child.waitForExit()
      } onCancel: {
        // Owned by the process guard as well: whatever becomes of this task, the child is ended.
        Task { await child.terminate(grace: grace) }
      }
      for channel in [GuardedProcess.Channel.standardOutput, .standardError] {
        if let rest = assemblers[channel]?.finish() { backlog.append(contentsOf: [rest]) }
      }
      return exit
    }
    return "the command \(exit)" + (lastErrorLine.map { ": " + Redaction.redact(String($0.prefix(200))) } ?? "")
  }

  /// Does something while what arrives is told beside it: a command prints on while the history takes in what it printed before.
  private func telling<Value, Failure: Error>(_ sink: any EventSink, _ work: () async throws(Failure) -> Value) async throws(Failure)
    -> Value
  {
    let (arrivals, arrival) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    self.arrival = arrival
    // What came before somebody told it.
    arrival.yield()
    let telling = Task {
      for await _ in arrivals { await tell(sink) }
      await tell(sink)
    }
    let result: Result<Value, Failure>
    do throws(Failure) { result = .success(try await work()) } catch { result = .failure(error) }
    arrival.finish()
    await telling.value
    return try result.get()
  }

  private func take(_ bytes: [UInt8], _ channel: GuardedProcess.Channel) {
    var assembler = assemblers.removeValue(forKey: channel) ?? LineAssembler()
    var lines: [String] = []
    assembler.append(bytes, to: &lines)
    assemblers[channel] = assembler
    guard !lines.isEmpty else { return }
    hasPrinted = true
    if channel == .standardError, let last = lines.last(where: { !$0.isEmpty }) { lastErrorLine = last }
    backlog.append(contentsOf: lines)
    arrival?.yield()
  }

  /// Makes what waits a part of the history.
  private func tell(_ sink: any EventSink) async {
    while true {
      let (lines, lost) = backlog.take(atMost: Self.linesAtOnce)
      if lost > 0 {
        let loss = Happening(.linesLost(LostLines(lines: lost)), service: id.service, provenance: .own)
        await sink.emit(.happening(loss), from: id)
      }
      guard !lines.isEmpty || reader.isBehind else { return }
      reader.past = past
      await emit(isReplay ? lines.filter(isNews) : lines, sink)
      lines.forEach(remember)
      await sayLag(sink)
    }
  }

  /// That what was printed is read behind its printing is said when it begins and ends, and once a second.
  private func sayLag(_ sink: any EventSink) async {
    guard let unread = lag.note(backlog.bytes, at: clock.now(), speed: clock.speed) else { return }
    await sink.emit(
      .sourceStatus(SourceStatus(standing: .reading, target: target, intervalSeconds: nil, unreadBytes: unread.bytes)), from: id)
  }

  /// What a log command prints first is the log's past, where it says that it is older than the command.
  private var past: LogReader.Past {
    guard let (instant, wall) = began, clock.now().seconds(since: instant) < LogReader.pastSeconds * clock.speed else { return .none }
    return .before(wall)
  }

  /// A command that is run again, such as `docker logs -f`, prints its past again: what was told is not told twice.
  private func isNews(_ line: String) -> Bool {
    guard isReplay else { return true }
    // The first new line ends the past: after it the same words are said again.
    isReplay = known.contains(line.hashValue)
    return !isReplay
  }

  private func remember(_ line: String) {
    guard known.insert(line.hashValue).inserted else { return }
    order.append(line.hashValue)
    if order.count >= 2 * Self.knownLines {
      for old in order.prefix(Self.knownLines) { known.remove(old) }
      order.removeFirst(Self.knownLines)
    }
  }

  private func emit(_ lines: [String], _ sink: any EventSink) async {
    reader.now = clock.wallNow()
    for event in reader.read(lines) { await sink.emit(event, from: id) }
  }

  private var target: String { Redaction.redact(command) }

  private func say(_ standing: SourceStatus.Standing, _ sink: any EventSink) async {
    await sink.emit(.sourceStatus(SourceStatus(standing: standing, target: target, intervalSeconds: nil)), from: id)
  }
}
