import HarnessModel
import SocketIO

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
    if let fault = PipelineFault.menu.first(where: { $0.id == faultID }) { return await inject(fault) }
    await report(takeNumber(), kind: faultID, detail: "there is no such fault", phase: .failed, service: "dubwatch")
  }

  /// Injects a fault, from outside: over Socket.IO with the stream's name, or by `POST /control`. Returns once it has begun.
  public func inject(_ fault: PipelineFault) async {
    let number = takeNumber()
    if let reason = unavailableReason(fault) {
      return await report(number, kind: fault.id, detail: reason, phase: .failed, service: fault.service)
    }
    do {
      switch fault {
      case .speechErrors(let code, let count): try await injectErrors(number, fault, code: code, count: count)
      case .speechDisconnect:
        let answer = try await ControlCall.event(
          STSEventName.simulateDisconnect, STSSimulateDisconnect(delayMs: 0, reason: "fault", streamID: configuration.streamID),
          answer: STSEventName.simulateDisconnectAck, port: speechPort)
        try Self.require(answer, "scheduled")
        await report(number, fault, .momentary)
      case .backpressure(let severity, let action, let delay):
        let answer = try await ControlCall.event(
          STSEventName.simulateBackpressure,
          STSSimulateBackpressure(streamID: configuration.streamID, severity: severity, action: action, recommendedDelayMs: delay),
          answer: STSEventName.simulateBackpressureAck, port: speechPort)
        try Self.require(answer, "sent")
        await report(number, fault, .momentary)
      case .speechOutage(let seconds):
        _ = try await ControlCall.http("POST", port: speechPort, body: ["action": "outage", "seconds": .number(seconds)])
        await began(number, fault, endsAfter: seconds)
      case .latency(let milliseconds, let seconds):
        _ = try await ControlCall.http(
          "POST", port: speechPort, body: ["action": "latency", "delay_ms": .number(milliseconds), "seconds": .number(seconds)])
        await began(number, fault, endsAfter: seconds)
      case .workerCrash(let seconds):
        _ = try await ControlCall.http("POST", port: workerPort, body: ["action": "crash"])
        await report(number, fault, .began)
        after(seconds, number) { await $0.restart(number, fault) }
      case .workerRestart:
        try await restartWorker()
        await report(number, fault, .momentary)
      case .audioSkew(let milliseconds, let seconds):
        try await shiftAudio(number, ["skew_ms": .number(milliseconds), "drift_ms_per_s": 0])
        await report(number, fault, .began)
        after(seconds, number) { await $0.unshift(number, fault) }
      case .audioDrift(let rate, let seconds):
        try await shiftAudio(number, ["skew_ms": 0, "drift_ms_per_s": .number(rate)])
        await report(number, fault, .began)
        after(seconds, number) { await $0.unshift(number, fault) }
      case .publisherStop(let seconds):
        try await publisherStop?(seconds)
        await began(number, fault, endsAfter: seconds)
      }
    } catch {
      await report(number, kind: fault.id, detail: "\(fault.detail): \(error)", phase: .failed, service: fault.service)
    }
  }

  private func injectErrors(_ number: Int, _ fault: PipelineFault, code: STSErrorCode, count: Int) async throws {
    let rule = STSErrorRule(trigger: .nthFragment, value: .number(1), errorCode: code.rawValue, times: count)
    let answer = try await ControlCall.event(
      STSEventName.configErrorSimulation, STSErrorSimulation(enabled: true, rules: [rule], streamID: configuration.streamID),
      answer: STSEventName.configErrorSimulationAck, port: speechPort)
    try Self.require(answer, "accepted")
    await report(number, fault, .began)
    faultTasks[number] = Task { [weak self, clock, speechPort, streamID = configuration.streamID] in
      // It has ended when every shot is fired, or with the session it was meant for.
      let latest = clock.now().advanced(bySeconds: 300)
      while clock.now() < latest {
        do { try await clock.sleep(seconds: 1) } catch { return }
        guard let state = try? await ControlCall.http("GET", port: speechPort, body: nil) else { continue }
        let sessions = state["sessions"]?.arrayValue ?? []
        let left = sessions.first { $0["stream_id"]?.stringValue == streamID && $0["state"]?.stringValue != "completed" }
        if (left?["error_shots_left"]?.intValue ?? 0) == 0 { break }
      }
      await self?.finished(number, fault)
    }
  }

  private func shiftAudio(_ number: Int, _ body: JSONValue) async throws {
    _ = try await ControlCall.http("POST", port: workerPort, body: body)
    shiftFault = number
  }

  /// A shift is over; a later one stays, and a worker that was started again has none.
  private func unshift(_ number: Int, _ fault: PipelineFault) async {
    if shiftFault == number { try? await shiftAudio(number, ["skew_ms": 0, "drift_ms_per_s": 0]) }
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

  private static func require(_ answer: JSONValue, _ status: String) throws {
    guard answer["status"]?.stringValue == status else {
      throw ControlError(description: answer["message"]?.stringValue ?? "the speech service refused")
    }
  }

  private func report(_ number: Int, _ fault: PipelineFault, _ phase: FaultHappening.Phase) async {
    await report(number, kind: fault.id, detail: fault.detail, phase: phase, service: fault.service)
  }

  private func report(_ number: Int, kind: String, detail: String, phase: FaultHappening.Phase, service: ServiceName) async {
    await say(.fault(FaultHappening(id: number, kind: kind, detail: detail, phase: phase)), service)
  }
}
