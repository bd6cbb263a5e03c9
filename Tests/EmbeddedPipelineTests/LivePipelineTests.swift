import Events
import Foundation
import HarnessCore
import SocketIO
import TestSupport
import Testing
import WireFormats

@testable import EmbeddedPipeline

/// Worker and speech service over loopback, watched from outside; pipeline time runs fast.
@Suite(.serialized) struct LivePipelineTests {
  private static let speed = 20.0

  @Test(.timeLimit(.minutes(1))) func `a clean minute is clean`() async throws {
    // Slower than the others: a fragment that a busy machine delays by a third of a second must not time out.
    let live = try await LivePipeline(DemoScript.fullPipeline.configuration, speed: 8)
    #expect(await eventually(within: 40) { !live.messages("stream complete").isEmpty })
    #expect(try await live.metric(#"worker_audio_fragments_total{status="sent"}"#) == 10)
    #expect(try await live.metric(#"worker_audio_fragments_total{status="processed"}"#) == 10)
    #expect(try await live.metric(#"worker_audio_fragments_total{status="fallback"}"#) == 0)
    #expect(try await live.metric("worker_inflight_fragments") == 0)
    #expect(try await live.metric("worker_av_sync_delta_ms_count") == 10)
    #expect(live.messages("circuit breaker").isEmpty)
    for endpoint in live.endpoints.health {
      let url = try #require(URL(string: endpoint.location))
      let answer = try await Fetch.text(url)
      #expect(answer.status == 200)
      #expect(answer.body.contains(endpoint.service == .mediaService ? #""ok""# : #""healthy""#))
    }
    let worker = try #require(URL(string: live.endpoints.health[0].location))
    #expect(try await Fetch.text(worker, method: "HEAD").status == 405)
    await live.stop()
    #expect(!FileManager.default.fileExists(atPath: live.endpoints.directory))
  }

  @Test(.timeLimit(.minutes(1))) func `the breaker goes through its cycle`() async throws {
    let script = DemoScript.circuitBreaker
    let live = try await LivePipeline(script.configuration, speed: Self.speed)
    let playing = Task { await live.desk.play(script.faults) }
    #expect(await eventually(within: 20) { live.messages("circuit breaker").count >= 3 })
    let transitions = live.messages("circuit breaker")
    #expect(transitions.map { $0["state"]?.stringValue } == ["open", "half-open", "closed"])
    #expect(transitions.first?["failure_count"]?.intValue == 5)
    #expect(transitions.first?["trigger"]?.stringValue == "timeout")
    let failure = live.messages("fragment processed").last { $0["status"]?.stringValue == "failed" }?["timestamp"]?.doubleValue ?? 0
    let halfOpen = transitions.dropFirst().first?["timestamp"]?.doubleValue ?? 0
    #expect((30.0...37.5).contains(halfOpen - failure), "half-open \(halfOpen - failure) s after the last failure")
    #expect(await eventually(within: 5) { live.sink.faults.map(\.phase) == [.began, .ended] })
    await playing.value
    #expect(live.sink.happenings.contains { if case .runEnded = $0.kind { true } else { false } })
    await live.stop()
  }

  @Test(.timeLimit(.minutes(1))) func `the fifth attempt succeeds`() async throws {
    let script = DemoScript.reconnection
    let live = try await LivePipeline(script.configuration, speed: Self.speed)
    let playing = Task { await live.desk.play(script.faults) }
    #expect(await eventually(within: 30) { live.messages("reconnection attempt").contains { $0["success"]?.boolValue == true } })
    let attempts = live.messages("reconnection attempt")
    #expect(attempts.map { $0["attempt"]?.intValue } == [1, 2, 3, 4, 5])
    #expect(attempts.map { $0["planned_delay_sec"]?.intValue } == [2, 4, 8, 16, 32])
    #expect(attempts.map { $0["success"]?.boolValue } == [false, false, false, false, true])
    #expect(try await live.metric("worker_reconnection_total") == 5)
    #expect(await eventually(within: 10) { live.messages("fragment sent").last?["sequence_number"]?.intValue ?? 9 <= 3 })
    playing.cancel()
    await live.stop()
  }

  @Test(.timeLimit(.minutes(1))) func `slow answers pause and drain`() async throws {
    let script = DemoScript.backpressure
    // Slower than the others: a fragment of 20 s must not time out because the machine is busy.
    let live = try await LivePipeline(script.configuration, speed: 10)
    #expect(await eventually(within: 40) { (try? await live.metric(#"worker_audio_fragments_total{status="processed"}"#)) ?? 0 >= 6 })
    let actions = live.messages("backpressure received").compactMap { $0["action"]?.stringValue }
    #expect(actions.contains("pause") && actions.contains("slow_down"))
    let pause = try #require(actions.firstIndex(of: "pause"))
    #expect(actions[pause...].contains("none"), "a pause is taken back")
    #expect(try await live.metric(#"worker_audio_fragments_total{status="fallback"}"#) == 0, "what waited was sent")
    await live.stop()
  }

  @Test(.timeLimit(.minutes(1))) func `a crash looks like the end of a process and a start`() async throws {
    let live = try await LivePipeline(PipelineConfiguration(), speed: Self.speed)
    #expect(await eventually(within: 10) { !live.messages("fragment sent").isEmpty })
    let before = try #require(try await live.metric("process_start_time_seconds"))
    try await live.desk.inject(FaultRequest(.workerCrash, [.restartAfter: 10]))
    #expect(await eventually(within: 5) { (try? await live.metricsText()) == nil }, "its sockets are closed")
    #expect(await eventually(within: 10) { live.sink.faults.map(\.phase) == [.began, .ended] })
    let after = try #require(try await live.metric("process_start_time_seconds"))
    #expect(after > before)
    let changes = live.sink.lifecycles.filter { $0.0 == .mediaService }.map(\.1)
    #expect(changes.first == .started && changes.last == .started && changes.contains(.exited(status: 134, reason: "crashed on demand")))
    await live.stop()
  }

  @Test(.timeLimit(.minutes(1))) func `every fault of the menu can be injected and the others say why`() async throws {
    let live = try await LivePipeline(PipelineConfiguration(), speed: Self.speed)
    #expect(await eventually(within: 10) { !live.messages("stream ready").isEmpty })
    for fault in await live.desk.menu where fault.id != "sts-outage" && fault.id != "worker-crash" && fault.id != "sts-disconnect" {
      try? await live.desk.inject(FaultRequest(fault.id))
      let last = try #require(live.sink.faults.last { $0.kind == fault.id })
      #expect((last.phase == .failed) == (fault.unavailableReason != nil), "\(last)")
      #expect(await eventually(within: 10) { live.messages("stream ready").count >= (fault.id == "worker-restart" ? 2 : 1) })
    }
    try? await live.desk.inject(FaultRequest("nonsense"))
    #expect(live.sink.faults.last { $0.kind == "nonsense" }?.phase == .failed, "whatever ends meanwhile")
    #expect(await Set(live.sink.faults.map(\.id)).count >= live.desk.menu.count - 3)
    await live.stop()
  }

  /// Services that live on are as they were, also when the stop comes before an outage has really begun.
  @Test(.timeLimit(.minutes(1))) func `everything is taken back from services that live on`() async throws {
    let live = try await LivePipeline(PipelineConfiguration(), speed: Self.speed)
    #expect(await eventually(within: 10) { !live.messages("stream ready").isEmpty })
    let speech = ServiceAddress(port: live.port(.speechService))
    _ = try await ControlCall.http("POST", at: speech, body: ["action": "latency", "delay_ms": 40])
    try await live.desk.inject(FaultRequest(.speechErrors, [.count: 1000]))
    try await live.desk.inject(FaultRequest(.latency, [.milliseconds: 500, .seconds: 3000]))
    #expect(try await ControlCall.http("GET", at: speech, body: nil)["added_latency_ms"]?.doubleValue == 500)
    try await live.desk.inject(FaultRequest("backpressure-pause"))
    try await live.desk.inject(FaultRequest(.speechOutage, [.seconds: 3000]))
    await live.desk.stop(servicesLiveOn: true)
    #expect(live.sink.happenings.allSatisfy { if case .finding = $0.kind { false } else { true } })
    try await Task.sleep(for: .milliseconds(200))
    let state = try await ControlCall.http("GET", at: speech, body: nil)
    #expect(state["outage"]?.boolValue == false && state["added_latency_ms"]?.doubleValue == 40, "\(state)")
    #expect((state["sessions"]?.arrayValue ?? []).allSatisfy { ($0["error_shots_left"]?.intValue ?? 0) == 0 }, "\(state)")
    let health = try #require(live.endpoints.health.first { $0.service == .speechService }.flatMap { URL(string: $0.location) })
    #expect(try await Fetch.text(health).status == 200)
    await live.stop()
  }

  @Test(.timeLimit(.minutes(1))) func `the shape of the service in the field`() async throws {
    var configuration = PipelineConfiguration()
    configuration.shape = .mediaService
    configuration.isBackpressureEnabled = false
    let live = try await LivePipeline(configuration, speed: Self.speed)
    #expect(
      await eventually(within: 10) {
        (try? await live.metric(#"media_service_worker_sts_fragments_processed_total{status="success",stream_id="test"}"#)) ?? 0 >= 2
      })
    let text = try await live.metricsText()
    #expect(text.contains(#"media_service_worker_circuit_breaker_state{stream_id="test"} 0.0"#))
    #expect(text.contains(#"media_service_worker_sts_fragments_sent_created{stream_id="test"}"#))
    #expect(text.contains("# TYPE media_service_worker_backpressure_events_total counter\n"))
    #expect(!text.contains("media_service_worker_backpressure_events_total{"))
    let path = try #require(live.endpoints.logs.first { $0.service == .mediaService }?.location)
    let log = try String(contentsOfFile: path, encoding: .utf8)
    #expect(log.contains(" - media_service.sts.socketio_client - INFO - Fragment processed: id="))
    await live.stop()
  }
}
