import Events
import Judging
import RuleSupport
import RunModel
import Testing

/// `healthy` and `logs-quiet`: nothing unseen is good.
@Suite struct HealthyJudgeTests {
  private static let good = HealthOutcome.healthy(status: 200, word: "ok", excerpt: "")

  /// A run of ten seconds in which services are asked once a second.
  private func trial(
    _ services: [ServiceName] = [], asked: [ServiceName] = [.mediaService, .speechService], _ change: (inout Trial) -> Void = { _ in }
  ) -> Trial {
    var trial = Trial(.healthy(services))
    for second in 2...10 {
      for service in asked { trial.script.health(Double(second), service, Self.good) }
      if second == 5 { change(&trial) }
    }
    trial.script.tick(10)
    return trial
  }

  private func ended(_ trial: Trial) -> Verdict {
    var trial = trial
    trial.end(10.5)
    return trial.verdict
  }

  @Test func `every service is every one of the environment`() {
    #expect(ended(trial()).standing == .met)
    let verdict = ended(trial(asked: [.mediaService]))
    #expect(verdict.standing == .unobservable && verdict.reason == "echo-sts was not asked")
    #expect(ended(trial([.mediaService], asked: [.mediaService])).standing == .met)
    #expect(ended(trial([.mediaService, "other"])).reason == "other was not asked")
  }

  @Test func `a word that is not known makes the rule not known`() {
    let unclear = HealthOutcome.unclear(status: 200, word: "REDIS_DOWN", excerpt: "")
    let verdict = ended(trial { $0.script.health(5.1, .speechService, unclear) })
    #expect(verdict.standing == .unobservable && verdict.reason == "echo-sts says \"REDIS_DOWN\"")
    #expect(verdict.evidence.count == 1)
    // It excuses nothing that is known to be bad.
    var bad = trial { $0.script.health(5.1, .speechService, unclear) }
    bad.script.health(10.1, .mediaService, .unhealthy(status: 200, excerpt: "down"))
    #expect(bad.standing == .violated)
  }

  @Test func `our own shortage violates nothing`() {
    let reason = "dubwatch itself had no more file descriptors"
    let verdict = ended(trial { $0.script.health(5.1, .mediaService, .unasked(reason: reason)) })
    #expect(verdict.standing == .unobservable && verdict.reason.contains(reason), "\(verdict.reason)")
  }

  private func restarted(_ at: Double, _ evidence: String = "container started again") -> (inout Trial) -> Void {
    { $0.told(at, .lifecycle(.restarted(evidence: evidence))) }
  }

  @Test func `a restart that nobody asked for violates`() {
    let verdict = ended(trial([.mediaService], restarted(5)))
    #expect(verdict.standing == .violated && verdict.reason.contains("container started again"))
    // Of another service it is no matter.
    #expect(ended(trial([.speechService], restarted(5))).standing == .met)
  }

  private func fault(_ kind: String, _ phase: FaultHappening.Phase, _ service: ServiceName = .mediaService) -> RunEvent {
    .happening(Happening(.fault(FaultHappening(id: 1, kind: kind, detail: "", phase: phase)), service: service, provenance: .own))
  }

  @Test(arguments: ["worker-crash", "container stop", "container kill"])
  func `a fault in force asks for it`(kind: String) {
    func verdict(_ end: Double, _ restart: Double, of service: ServiceName = .mediaService) -> Verdict.Standing {
      ended(
        trial([.mediaService]) {
          $0.script.add(3, .harness, fault(kind, .began, service))
          if end < restart { $0.script.add(end, .harness, fault(kind, .ended, service)) }
          restarted(restart)(&$0)
          if end >= restart { $0.script.add(end, .harness, fault(kind, .ended, service)) }
        }
      ).standing
    }
    #expect(verdict(6, 5) == .met && verdict(4, 5) == .met)
    #expect(verdict(6, 5, of: .speechService) == .violated)
    #expect(verdict(3.1, 9.5) == .violated, "the fault was over")
  }

  @Test func `a blow is told of after what it did`() {
    let told = trial([.mediaService]) {
      restarted(5)(&$0)
      $0.script.add(5.2, .harness, fault("worker-restart", .momentary))
    }
    #expect(ended(told).standing == .met)
    let other = trial([.mediaService]) {
      restarted(5)(&$0)
      $0.script.add(5.2, .harness, fault("sts-disconnect", .momentary))
    }
    #expect(ended(other).standing == .violated)
    #expect(
      ended(
        trial([.mediaService]) {
          restarted(5)(&$0); $0.script.add(5.2, .harness, fault("worker-restart", .failed))
        }
      ).standing == .violated)
  }

  @Test func `a process that begins again was restarted, a stream that does was not`() {
    func own(_ kind: ServiceLifecycle) -> RunEvent { .happening(Happening(.lifecycle(kind), service: .mediaService, provenance: .own)) }
    let process = trial([.mediaService]) {
      $0.script.add(5, .harness, own(.stopped))
      $0.script.add(5.5, .harness, own(.started))
    }
    #expect(ended(process).standing == .violated)
    let stream = trial([.mediaService]) {
      $0.told(5, .lifecycle(.stopped))
      $0.told(5.5, .lifecycle(.started))
    }
    #expect(ended(stream).standing == .met)
    #expect(ended(trial([.mediaService]) { $0.script.add(5, .harness, own(.started)) }).standing == .met)
  }

  // MARK: Logs

  private func logs(_ services: [ServiceName] = [], _ lines: [LogLine]) -> Verdict {
    var trial = Trial(.logsQuiet(above: .warning, allowed: ["known trouble"], services: services))
    for line in lines { trial.script.add(2, SourceID(.log, line.service), .logLines([line])) }
    trial.end(10)
    return trial.verdict
  }

  private func line(_ level: LogLevel?, _ text: String = "x", by service: ServiceName = .mediaService, isExpected: Bool = false) -> LogLine
  {
    LogLine(service: service, text: text, level: level, isExpected: isExpected)
  }

  @Test func `lines that the contract expects are counted, not blamed`() {
    let verdict = logs([], [line(.info), line(.error, isExpected: true), line(.error, isExpected: true), line(.error, "Known Trouble")])
    #expect(verdict.standing == .met)
    #expect(verdict.reason == "4 lines read, 3 above warning: 2 expected by the contract, 1 allowed")
    #expect(logs([], [line(.error)]).standing == .violated)
    #expect(logs([], [line(.info)]).reason == "1 line read, none above warning")
  }

  @Test func `a log without levels or lines proves nothing`() {
    #expect(logs([], []).standing == .unobservable)
    #expect(logs([.mediaService], [line(.info, by: .speechService)]).reason == "no log of media-service was read in the run")
    #expect(logs([], [line(.info), line(nil, by: .speechService)]).reason == "no line of echo-sts carries a level")
    #expect(logs([.mediaService], [line(.info), line(nil, by: .speechService)]).standing == .met)
  }

  @Test func `what was read before the run is of no run`() {
    var trial = Trial(.logsQuiet(above: .warning, allowed: [], services: []))
    var early = Script()
    early.add(0.5, SourceID(.log, .mediaService), .logLines([line(.error)]))
    trial.script.insert(early.events[0], at: 1)
    trial.end(10)
    #expect(trial.standing == .unobservable, "\(trial.verdict.reason)")
  }

  /// Of every service, and the worker's log is read and empty: what another one writes shows nothing of it.
  @Test(arguments: [(true, Verdict.Standing.unobservable), (false, .met)])
  func `lines of another service do not stand for those of the worker`(_ isWorkerRead: Bool, _ standing: Verdict.Standing) {
    var trial = Trial(.logsQuiet(above: .warning, allowed: [], services: []))
    if isWorkerRead {
      let status = SourceStatus(standing: .reading, target: "log", intervalSeconds: nil)
      trial.script.add(0.5, SourceID(.log, .mediaService), .sourceStatus(status))
    }
    for second in 2...9 { trial.line(Double(second), by: .speechService) }
    trial.end(10)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }
}
