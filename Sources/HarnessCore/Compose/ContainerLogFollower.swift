import Contracts
import Events
import ProcessGuard
import RunModel
import WireFormats

/// Follows the log of one compose service across restarts of its containers, without losing or repeating a line.
///
/// `docker compose logs -f` loses the first lines after a restart; so each container's log is followed by itself, and taken up again a
/// little before the last line that was read.
package actor ContainerLogFollower: EventSource, ContractUser {
  /// How long a log that has ended is left alone at most when nothing tells of a start, in real seconds.
  static let longestWait = 10.0

  /// Who it is.
  package nonisolated let id: SourceID
  private let service: String
  private let project: String
  private let docker: DockerCLI
  private let starts: AsyncStream<Void>
  private let begin: EngineTime?
  private let retrySeconds: Double
  private let grace: Double
  private let names: ContainerNames
  private let hostUTCOffsetSeconds: Int
  private var contract: Contract?
  /// A reader for each container's name: lines of one are no sequel to lines of another.
  private var readers: [ServiceName: LogReader] = [:]
  /// Whether the contract stays as it is: also for containers that come later.
  private var isSettled = false
  /// The number of each container, as the engine lists it.
  private var numbers: [String: Int] = [:]
  /// Wakes whoever tells what is late.
  private var arrival: AsyncStream<Void>.Continuation?
  /// The last turn of telling: the streams of a container are read beside each other, but told one after the other.
  private var telling: Task<Void, Never>?
  private var logs: [String: ContainerLog] = [:]
  private var standing: SourceStatus.Standing?
  private var failures = 0
  /// Containers whose log is being read.
  private var following: Set<String> = []
  /// Containers whose log was read to its end, and that have not started since.
  private var complete: Set<String> = []

  /// What is known of one container's log.
  private struct ContainerLog {
    var stamper: LogStamper
    var assemblers: [GuardedProcess.Channel: LineAssembler] = [:]
    var lastError: String?

    init(begin: EngineTime?) {
      stamper = LogStamper()
      stamper.begin = begin
    }
  }

  /// - Parameters:
  ///   - names: what dubwatch calls its containers.
  ///   - service: its name in the compose file.
  ///   - begin: when following begins, by the engine's clock: what stood in a log before is its past. Nil where that is not known.
  ///   - starts: tells when one of its containers has started.
  ///   - retrySeconds: how long after the end of a log it is looked at again, in real seconds.
  init(
    _ names: ContainerNames, service: String, project: String, docker: DockerCLI, starts: AsyncStream<Void>, begin: EngineTime? = nil,
    contract: Contract? = nil, hostUTCOffsetSeconds: Int = 0, retrySeconds: Double = 0.2, grace: Double = 1
  ) {
    id = SourceID(.log, names.role)
    self.names = names
    self.service = service
    self.project = project
    self.docker = docker
    self.starts = starts
    self.begin = begin
    self.retrySeconds = retrySeconds
    self.grace = grace
    self.contract = contract
    self.hostUTCOffsetSeconds = hostUTCOffsetSeconds
  }

  /// From now on lines are read by this contract.
  /// - Returns: the logs of the containers that printed something by now; one that was silent has nothing to take back.
  @discardableResult
  package func use(_ contract: Contract?) -> Set<SourceID> {
    self.contract = contract
    var readAgain: Set<SourceID> = []
    for name in readers.keys where readers[name]?.use(contract) == true { readAgain.insert(SourceID(.log, name)) }
    // Also when no container has anything more to say.
    if readers.values.contains(where: \.isBehind) { arrival?.yield() }
    return readAgain
  }

  /// The contract stays as it is.
  package func settle() {
    isSettled = true
    for name in readers.keys { readers[name]?.settle() }
  }

  /// Produces events until cancelled.
  package func run(into sink: any EventSink) async {
    let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    wake.yield()
    let (arrivals, arrival) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    self.arrival = arrival
    await withDiscardingTaskGroup { group in
      group.addTask { for await _ in arrivals { await self.tellLate(sink) } }
      let starts = starts
      group.addTask {
        for await _ in starts {
          await self.noteStart()
          wake.yield()
        }
      }
      // The engine's events tell of starts; this is for when they cannot be read.
      group.addTask { [longest = Self.longestWait] in
        while (try? await Task.sleep(for: .seconds(longest))) != nil {
          if await self.following.isEmpty { wake.yield() }
        }
      }
      for await _ in wakes {
        for container in await containers(sink) where following.insert(container).inserted {
          group.addTask {
            await self.follow(container, sink)
            await self.noteEnd(container)
            wake.yield()
          }
        }
        if Task.isCancelled { break }
        // Not at once again for a container that begins and ends all the time.
        try? await Task.sleep(for: .seconds(retrySeconds))
      }
      wake.finish()
      group.cancelAll()
    }
  }

  private func noteEnd(_ container: String) { following.remove(container) }
  private func noteStart() { complete.removeAll() }

  /// The containers of the service whose log may have something new: those that run, and those never looked at.
  private func containers(_ sink: any EventSink) async -> [String] {
    let filters = [
      "--filter", "label=\(ComposeContainer.projectLabel)=\(project)", "--filter", "label=\(ComposeContainer.serviceLabel)=\(service)",
    ]
    do throws(EnvironmentFailure) {
      let listing = ["ps", "--all", "--no-trunc", "--format", "{{.ID}} {{.State}} {{.Label \"\(ComposeContainer.numberLabel)\"}}"]
      let outcome = try await docker.success(listing + filters, seconds: ComposeDirectory.listLimit)
      var found: [String] = []
      var present: Set<String> = []
      for line in outcome.text.split(whereSeparator: \.isNewline) {
        let words = line.split(separator: " ")
        guard words.count >= 2 else { continue }
        let container = String(words[0])
        numbers[container] = words.count > 2 ? Int(words[2]) : nil
        present.insert(container)
        let isOver = ["exited", "dead", "created"].contains(words[1])
        if words[1] != "created", !isOver || !complete.contains(container) { found.append(container) }
      }
      // What is known of a container that is gone is of no use any more.
      for container in logs.keys where !present.contains(container) {
        logs[container] = nil
        numbers[container] = nil
      }
      complete.formIntersection(present)
      return found
    } catch {
      if !Task.isCancelled { await fail(error.description, sink) }
      return []
    }
  }

  /// Follows one container's log until it ends, which it does with the container.
  private func follow(_ container: String, _ sink: any EventSink) async {
    var log = logs[container] ?? ContainerLog(begin: begin)
    log.stamper.beginReading()
    log.assemblers = [:]
    log.lastError = nil
    logs[container] = log
    complete.remove(container)
    var words = ["logs", "--follow", "--timestamps"]
    if let since = log.stamper.since { words += ["--since", since] }
    let child: GuardedProcess
    do {
      child = try await docker.processGuard.start(docker.request(words + [container])) { [self] channel, bytes in
        await take(bytes, channel, container, sink)
      }
    } catch {
      if !Task.isCancelled { await fail(error.description, sink) }
      return
    }
    await say(.reading, sink)
    let grace = grace
    let exit = await withTaskCancellationHandler {
      await child.waitForExit()
    } onCancel: {
      Task { await child.terminate(grace: grace) }
    }
    for channel in [GuardedProcess.Channel.standardOutput, .standardError] {
      if let rest = logs[container]?.assemblers[channel]?.finish() { await emit([rest], container, sink) }
    }
    if exit == .exited(0) {
      complete.insert(container)
      failures = 0
    } else if !Task.isCancelled {
      let said = logs[container]?.lastError.map { ": " + Redaction.redact(String($0.prefix(200))) } ?? ""
      await fail("docker logs \(exit)\(said)", sink)
    }
  }

  private func take(_ bytes: [UInt8], _ channel: GuardedProcess.Channel, _ container: String, _ sink: any EventSink) async {
    var assembler = logs[container]?.assemblers.removeValue(forKey: channel) ?? LineAssembler()
    var lines: [String] = []
    assembler.append(bytes, to: &lines)
    logs[container]?.assemblers[channel] = assembler
    await emit(lines, container, sink)
  }

  private func emit(_ lines: [String], _ container: String, _ sink: any EventSink) async {
    guard !lines.isEmpty, var log = logs.removeValue(forKey: container) else { return }
    var fresh: [(text: String, isPast: Bool)] = []
    for line in lines {
      let (text, isStamped) = log.stamper.take(line)
      // Words without a time are the client's own: no lines of the service.
      if isStamped { if let text { fresh.append((text, log.stamper.isPast)) } } else { log.lastError = line }
    }
    logs[container] = log
    // The past comes first, but for lines of the two streams that cross each other.
    for isPast in [true, false] {
      let kind = fresh.filter { $0.isPast == isPast }.map(\.text)
      guard !kind.isEmpty else { continue }
      let name = names.name(numbers[container])
      var reader = reader(of: name)
      reader.past = isPast ? .all : .none
      reader.now = log.stamper.latestTime.map { WallTime(epochSeconds: Double($0.nanoseconds) / 1e9) }
      readers[name] = reader
      await tell(kind, of: name, sink)
    }
  }

  private func reader(of name: ServiceName) -> LogReader {
    if let reader = readers[name] { return reader }
    var reader = LogReader(id: SourceID(.log, name), contract: contract, hostUTCOffsetSeconds: hostUTCOffsetSeconds)
    if isSettled { reader.settle() }
    return reader
  }

  private func tellLate(_ sink: any EventSink) async {
    for name in readers.keys.sorted() { await tell([], of: name, sink) }
  }

  /// Makes lines, and what is late, a part of the history; returns when they are.
  private func tell(_ lines: [String], of name: ServiceName, _ sink: any EventSink) async {
    var reader = reader(of: name)
    readers[name] = nil
    let events = reader.read(lines)
    readers[name] = reader
    guard !events.isEmpty else { return }
    let id = SourceID(.log, name)
    let earlier = telling
    let turn = Task {
      await earlier?.value
      for event in events { await sink.emit(event, from: id) }
    }
    telling = turn
    await turn.value
  }

  private func fail(_ reason: String, _ sink: any EventSink) async {
    failures += 1
    await say(.failing(reason: reason, consecutiveFailures: failures, retryInSeconds: Self.longestWait), sink)
  }

  private func say(_ new: SourceStatus.Standing, _ sink: any EventSink) async {
    switch (standing, new) {
    case (.reading?, .reading): return
    case (.failing(let old, _, _)?, .failing(let reason, _, _)) where old == reason: return
    default: break
    }
    standing = new
    await sink.emit(.sourceStatus(SourceStatus(standing: new, target: "log of \(service) in \(project)", intervalSeconds: nil)), from: id)
  }
}
