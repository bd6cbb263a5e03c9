import Events
import RunModel
import WireFormats

/// The only life of a fault: registers it before it begins, times it on the run's clock, takes it back, and says what became of it.
///
/// Whoever does faults (``FaultMeans``) is asked one call at a time about one resource: a begin that takes its time holds up neither another
/// resource nor the menu, and an end never overtakes the begin before it. ``stop(servicesLiveOn:)`` waits for its turn too, so that it takes
/// back whatever was begun; what is not back within its limit is said, and taken back as soon as the late answer comes.
package actor FaultDesk {
  /// How long things may take, in real seconds.
  package struct Limits: Hashable, Sendable {
    /// Until ``FaultDesk/stop(servicesLiveOn:)`` goes on without an answer.
    package var stopSeconds = 10.0
    /// How often taking back is tried.
    package var tries = 3
    /// The pause between two tries.
    package var pauseSeconds = 0.5
    /// Between two looks whether a fault is over, in seconds of the run.
    package var lookSeconds = 1.0

    /// The usual limits.
    package init() {}
  }

  let clock: any RunClock
  let limits: Limits
  private let sink: any EventSink
  private var means: [FaultKind.Means: any FaultMeans] = [:]
  private var lanes: [FaultResource: Task<Void, Never>] = [:]
  private var nextNumber = 1
  private var servicesLiveOn = true
  private(set) var isStopped = false
  private var isClosed = false
  var book = FaultBook()
  var watches: [Int: Task<Void, Never>] = [:]
  /// The faults of which it was said that they could not be ended.
  private(set) var stuck: Set<Int> = []

  /// A desk at which nothing can be done yet.
  package init(clock: any RunClock, limits: Limits = Limits(), sink: any EventSink) {
    self.clock = clock
    self.limits = limits
    self.sink = sink
  }

  /// Takes in who can do faults; the last of a kind counts.
  package func open(_ means: [any FaultMeans]) { for one in means { self.means[one.kind] = one } }

  /// What the menu offers here: every fault that somebody here knows, and why one cannot be done.
  package var menu: [FaultDescriptor] {
    get async {
      var menu: [FaultDescriptor] = []
      for entry in FaultMenu.entries {
        guard let means = means[entry.fault.kind.means] else { continue }
        var reason: String?
        if case .unable(let why) = await means.can(entry.fault) { reason = why }
        menu.append(FaultDescriptor(id: entry.id, title: entry.fault.title, unavailableReason: reason))
      }
      return menu
    }
  }

  // MARK: Begin

  /// Does a fault. Returns when it has begun, or when the task is cancelled: then the begin goes on, and its end is seen to.
  /// - Throws: why it could not be done, which is said as a failed fault too.
  package func inject(_ request: FaultRequest) async throws(EnvironmentFailure) {
    let number = nextNumber
    nextNumber += 1
    let fault: Fault
    do { fault = try Fault(request) } catch {
      await say(FaultHappening(id: number, kind: request.id, detail: error.description, phase: .failed), "dubwatch")
      throw EnvironmentFailure(error.description)
    }
    do throws(FaultRefusal) { try await register(fault, number) } catch {
      await sayFailed(number, fault, error.description)
      throw EnvironmentFailure("\(request.sentence): \(error)")
    }
    let (answers, answer) = AsyncStream<FaultProblem?>.makeStream(bufferingPolicy: .bufferingOldest(1))
    inTurn(fault.resource) { await self.begin(number) { answer.yield($0) } }
    for await problem in answers {
      guard let problem else { return }
      throw EnvironmentFailure("\(fault.detail): \(problem)")
    }
    throw EnvironmentFailure("\(fault.detail): the run was ended while it began")
  }

  private func register(_ fault: Fault, _ number: Int) async throws(FaultRefusal) {
    guard !means.isEmpty else { throw FaultRefusal("no faults can be injected into services that dubwatch only watches") }
    guard let one = means[fault.kind.means] else { throw FaultRefusal("this cannot be done here") }
    if case .unable(let reason) = await one.can(fault) { throw FaultRefusal(reason) }
    guard !isStopped, !isClosed else { throw FaultRefusal("the run ends") }
    if let other = book.register(fault, as: number) {
      throw FaultRefusal("\(other.fault.called) of \(other.fault.service) is still in force")
    }
  }

  // MARK: The end of the run

  /// Nothing more is begun; what is in force stays so until its time is up, or ``stop(servicesLiveOn:)``.
  package func close() { isClosed = true }

  /// Takes back what is in force or may be, and does nothing more. Returns within its limit; harmless when called again.
  /// - Parameter servicesLiveOn: whether anything but this run will see the services; otherwise only what would hold up their end is taken back.
  package func stop(servicesLiveOn: Bool) async {
    isStopped = true
    self.servicesLiveOn = servicesLiveOn
    for watch in watches.values { watch.cancel() }
    watches = [:]
    let turns = book.resources.map { resource in inTurn(resource) { await self.clear(resource) } }
    let isDone = await TimeLimit.wait(seconds: limits.stopSeconds, on: clock) { for turn in turns { await turn.value } }
    guard !isDone else { return }
    // No answer to a begin or an end yet: ask for the end all the same, and see to it again when the answer comes.
    for resource in book.resources {
      guard let entry = book.all(of: resource).last(where: { $0.phase != .waiting && isTakenBack($0.fault) }) else { continue }
      let fault = entry.fault
      Task { [means] in try? await means[fault.kind.means]?.end(fault) }
      await tellStuck(entry.number, fault, "nothing was answered within \(NumberText.shortest(limits.stopSeconds)) s")
    }
  }

  /// Whether a fault is taken back at the end of the run.
  func isTakenBack(_ fault: Fault) -> Bool {
    switch fault.kind.runEnd {
    case .takenBack: servicesLiveOn
    case .alwaysTakenBack: true
    case .nothing: false
    }
  }

  // MARK: Turns and words

  /// Runs work when all earlier work about a resource is done; not cancelled with anybody.
  @discardableResult
  func inTurn(_ resource: FaultResource, _ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
    let earlier = lanes[resource]
    let turn = Task {
      await earlier?.value
      await work()
    }
    lanes[resource] = turn
    return turn
  }

  func means(of fault: Fault) -> (any FaultMeans)? { means[fault.kind.means] }

  func say(_ number: Int, _ fault: Fault, _ phase: FaultHappening.Phase) async { await say(fault.happening(number, phase), fault.service) }

  func sayFailed(_ number: Int, _ fault: Fault, _ reason: String) async {
    await say(FaultHappening(id: number, kind: fault.called, detail: "\(fault.detail): \(reason)", phase: .failed), fault.service)
  }

  /// Says that a fault may still be in force.
  func tellStuck(_ number: Int, _ fault: Fault, _ reason: String) async {
    stuck.insert(number)
    await emit(.finding(Self.finding(number, "the fault \(fault.called) \(fault.detail) could not be ended: \(reason)")), fault.service)
  }

  /// Says that it is not any more.
  func tellBack(_ number: Int, _ fault: Fault) async {
    stuck.remove(number)
    var finding = Self.finding(number, "the fault \(fault.called) \(fault.detail) could be ended late")
    finding.holds = false
    await emit(.finding(finding), fault.service)
  }

  private static func finding(_ number: Int, _ text: String) -> Finding { Finding(id: "fault-\(number)-not-ended", text: text) }

  private func say(_ happening: FaultHappening, _ service: ServiceName) async { await emit(.fault(happening), service) }

  func emit(_ kind: Happening.Kind, _ service: ServiceName) async {
    await sink.emit(.happening(Happening(kind, service: service, provenance: .own)), from: .harness)
  }
}
