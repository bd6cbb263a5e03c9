import HarnessModel

extension EmbeddedPipeline {
  /// What can be done to this pipeline, and what cannot with the reason.
  public var faults: [FaultDescriptor] {
    PipelineFault.menu.map { FaultDescriptor(id: $0.id, title: $0.title, unavailableReason: unavailableReason($0)) }
  }

  /// Who stops and starts the publisher: it is no part of the pipeline, and its owner does it. Gets the seconds after which it is started
  /// again, and returns once it has stopped; what goes wrong is thrown.
  public func publisherStops(with stop: @escaping PublisherStop) { publisherStop = stop }

  private func unavailableReason(_ fault: PipelineFault) -> String? {
    fault.unavailableReason(isStreamed: configuration.isStreamed, hasPublisher: publisherStop != nil)
  }

  /// Injects a fault of the menu by its name; an unknown or unavailable one is said as a failed fault, never ignored.
  public func inject(_ faultID: String) async {
    if let fault = PipelineFault.menu.first(where: { $0.id == faultID }) {
      await inject(fault)
      return
    }
    await report(takeNumber(), kind: faultID, detail: "there is no such fault", phase: .failed, service: "dubwatch")
  }

  /// Injects a fault, from outside: over Socket.IO with the stream's name, or by `POST /control`. Returns once it has begun.
  /// - Returns: why it could not be done, which is said as a failed fault too; nil when it was.
  @discardableResult
  public func inject(_ fault: PipelineFault) async -> String? {
    let number = takeNumber()
    if let reason = unavailableReason(fault) {
      await report(number, kind: fault.id, detail: reason, phase: .failed, service: fault.service)
      return reason
    }
    do {
      switch fault {
      case .speechErrors:
        try await control.begin(fault)
        await report(number, fault, .began)
        awaitErrors(number, fault)
      case .speechDisconnect, .backpressure:
        try await control.begin(fault)
        await report(number, fault, .momentary)
      case .speechOutage(let seconds), .latency(_, let seconds):
        try await control.begin(fault)
        await began(number, fault, endsAfter: seconds)
      case .workerCrash(let seconds):
        try await control.begin(fault)
        await report(number, fault, .began)
        after(seconds, number) { await $0.restart(number, fault) }
      case .workerRestart:
        try await restartWorker()
        await report(number, fault, .momentary)
      case .audioSkew(_, let seconds), .audioDrift(_, let seconds):
        try await control.begin(fault)
        shiftFault = number
        await report(number, fault, .began)
        after(seconds, number) { await $0.unshift(number, fault) }
      case .publisherStop(let seconds):
        try await publisherStop?(seconds)
        await began(number, fault, endsAfter: seconds)
      }
      return nil
    } catch {
      await report(number, kind: fault.id, detail: "\(fault.detail): \(error)", phase: .failed, service: fault.service)
      return "\(error)"
    }
  }

  private var control: FaultControl {
    FaultControl(
      speech: ServiceAddress(port: speechPort), worker: ServiceAddress(port: workerPort), streamID: configuration.streamID)
  }

  /// Says that a fault has ended when every shot is fired, or with the session it was meant for.
  private func awaitErrors(_ number: Int, _ fault: PipelineFault) {
    faultTasks[number] = Task { [weak self, clock, control] in
      let latest = clock.now().advanced(bySeconds: 300)
      while clock.now() < latest {
        do { try await clock.sleep(seconds: 1) } catch { return }
        if await control.hasFiredAllErrors() == true { break }
      }
      await self?.finished(number, fault)
    }
  }

  /// A shift is over; a later one stays, and a worker that was started again has none.
  private func unshift(_ number: Int, _ fault: PipelineFault) async {
    if shiftFault == number { try? await control.end(fault) }
    await finished(number, fault)
  }

  private func began(_ number: Int, _ fault: PipelineFault, endsAfter seconds: Double) async {
    await report(number, fault, .began)
    after(seconds, number) { await $0.finished(number, fault) }
  }

  private func after(_ seconds: Double, _ number: Int, _ action: @escaping @Sendable (EmbeddedPipeline) async -> Void) {
    faultTasks[number] = Task { [weak self, clock] in
      do { try await clock.sleep(seconds: seconds) } catch { return }
      guard let self else { return }
      await action(self)
    }
  }

  private func finished(_ number: Int, _ fault: PipelineFault) async {
    faultTasks[number] = nil
    await report(number, fault, .ended)
  }

  private func restart(_ number: Int, _ fault: PipelineFault) async {
    do {
      try await restartWorker()
      await finished(number, fault)
    } catch {
      faultTasks[number] = nil
      await report(number, kind: fault.id, detail: "\(error)", phase: .failed, service: fault.service)
    }
  }

  private func takeNumber() -> Int {
    defer { nextFault += 1 }
    return nextFault
  }

  private func report(_ number: Int, _ fault: PipelineFault, _ phase: FaultHappening.Phase) async {
    await report(number, kind: fault.id, detail: fault.detail, phase: phase, service: fault.service)
  }

  private func report(_ number: Int, kind: String, detail: String, phase: FaultHappening.Phase, service: ServiceName) async {
    await say(.fault(FaultHappening(id: number, kind: kind, detail: detail, phase: phase)), service)
  }
}
