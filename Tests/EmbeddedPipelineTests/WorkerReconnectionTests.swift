import Events
import SpeechProtocol
import TestSupport
import Testing

@testable import EmbeddedPipeline

@Suite struct WorkerReconnectionTests {
  private func attempts(_ worker: WorkerHarness) -> [(attempt: Int, success: Bool)] {
    worker.log.compactMap { if case .reconnection(let attempt, _, let success) = $0.event { (attempt, success) } else { nil } }
  }

  @Test func `a lost connection falls back everything and starts attempts`() {
    var worker = WorkerHarness.ready()
    worker.cut()
    worker.cut()
    worker.advance(to: 1)
    worker.apply(.disconnected(reason: "transport close"))
    #expect(worker.fallbacks == [.error, .error])
    #expect(worker.machine.inflight.isEmpty)
    worker.advance(to: 2.9)
    #expect(worker.connects == [0])
    worker.cut()
    #expect(worker.fallbacks.count == 3, "a segment cut while disconnected falls back at once")
    worker.advance(to: 3)
    #expect(worker.connects == [0, 3])
  }

  @Test func `five failures end the worker with a status`() {
    var worker = WorkerHarness.ready()
    worker.apply(.disconnected(reason: "gone"))
    for end in [2.0, 6, 14, 30, 62] {
      worker.advance(to: end)
      worker.apply(.connectFailed(reason: "refused"))
    }
    #expect(worker.connects == [0, 2, 6, 14, 30, 62])
    #expect(attempts(worker).map(\.attempt) == [1, 2, 3, 4, 5])
    #expect(attempts(worker).allSatisfy { !$0.success })
    #expect(worker.exit?.status == 1)
    #expect(worker.machine.counters.reconnections == 5)
    worker.cut()
    #expect(worker.outputs.isEmpty, "an ended worker does nothing")
  }

  @Test func `a new connection begins again with sequence zero`() {
    var worker = WorkerHarness.ready()
    worker.cut()
    worker.answer("f0")
    worker.cut()
    worker.apply(.disconnected(reason: "gone"))
    worker.advance(to: 2)
    worker.apply(.connected)
    #expect(worker.inits.count == 2)
    worker.cut()
    #expect(worker.sent.count == 2, "before stream:ready nothing is sent")
    #expect(worker.fallbacks.last == .error)
    worker.open()
    worker.advance(to: 6)
    worker.cut()
    #expect(worker.sent.map(\.sequence) == [0, 1, 0])
    #expect(attempts(worker).last.map(\.success) == true)
    worker.apply(.disconnected(reason: "again"))
    worker.advance(to: 8)
    #expect(worker.connects.last == 8, "after a success the delays begin with the first again")
  }

  @Test func `a service that never says ready is left`() {
    var worker = WorkerHarness.ready()
    worker.apply(.disconnected(reason: "gone"))
    worker.advance(to: 2)
    worker.apply(.connected)
    worker.advance(to: 7)
    #expect(worker.disconnects == 1)
    worker.advance(to: 11)
    #expect(worker.connects == [0, 2, 11], "attempt 2 comes 4 s after the loss, not the first again")
  }

  /// Whatever comes in whatever order: every segment is put out once, limits hold, sequence numbers have no holes.
  @Test(arguments: 0..<200) func `properties hold for random histories`(seed: Int) {
    var random = SplitMix(seed: UInt64(seed))
    var worker = WorkerHarness.ready()
    for _ in 0..<300 {
      worker.advance(to: worker.now.seconds + Double(random.next(below: 40)) / 10)
      switch random.next(below: 12) {
      case 0...4: worker.cut()
      case 5, 6:
        if let id = worker.machine.inflight.keys.min() { worker.answer(id) }
      case 7, 8:
        if let id = worker.machine.inflight.keys.max() { worker.answer(id, code: random.next(below: 2) == 0 ? .timeout : .invalidConfig) }
      case 9: worker.backpressure(.high, BackpressureAction.allCases[random.next(below: 3)])
      case 10:
        if case .ready = worker.machine.phase {
          worker.apply(.disconnected(reason: "x"))
        }
      default:
        if case .connecting = worker.machine.phase {
          if random.next(below: 3) > 0 {
            worker.apply(.connected)
            worker.open(maxInflight: 1 + random.next(below: 5))
          } else {
            worker.apply(.connectFailed(reason: "refused"))
          }
        }
      }
      #expect(worker.machine.inflight.count <= worker.machine.inflightLimit)
      #expect(worker.machine.breaker.state != .closed || worker.machine.breaker.consecutiveFailures < 5)
      if worker.exit != nil { break }
    }
    let segments = worker.outputs.map(\.segment)
    #expect(Set(segments).count == segments.count, "no segment is put out twice")
    let open = Set(worker.machine.waiting.map(\.index)).union(
      worker.machine.inflight.values.filter { !$0.isPutOut }.map(\.segment.index))
    if worker.exit == nil {
      #expect(Set(segments).union(open).count == worker.nextSegment, "no segment is lost")
    }
    let counters = worker.machine.counters
    #expect(counters.sync.count == segments.count)
    #expect(counters.fallbacks.values.reduce(0, +) == worker.outputs.count { !$0.isDubbed })
  }
}
