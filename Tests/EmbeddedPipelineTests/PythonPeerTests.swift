import Events
import Foundation
import SocketIO
import SpeechProtocol
import TestSupport
import Testing
import WireFormats

@testable import EmbeddedPipeline

/// The stand-ins against the real python-socketio and prometheus_client.
@Suite(.serialized) struct PythonPeerTests {
  private var realTime: ScaledClock { ScaledClock(wallOrigin: WallTime(epochSeconds: Date().timeIntervalSince1970)) }

  @Test(.timeLimit(.minutes(2)), arguments: ["polling", "websocket", "upgrade"])
  func `the speech service serves the Python client`(transport: String) async throws {
    guard PythonPeer.isAvailable("echo-sts against python-socketio") else { return }
    var configuration = EchoSTSConfiguration()
    configuration.port = 0
    configuration.isControlEnabled = true
    configuration.isBackpressureEnabled = true
    configuration.processingDelayMilliseconds = 20
    configuration.autoDisconnectSeconds = 0.2
    let service = EchoSTSService(configuration: configuration, clock: realTime, log: .discard)
    let port = try await service.start()
    let peer = try PythonPeer("Tests/EmbeddedPipelineTests/Peers/echo_client.py", ["http://127.0.0.1:\(port)", transport])
    let status = await peer.exitStatus(within: 70)
    peer.end()
    #expect(status == 0, "\(peer.output)")
    await service.stop()
  }

  @Test(.timeLimit(.minutes(1))) func `the worker works with a Python server`() async throws {
    guard PythonPeer.isAvailable("media-service against python-socketio") else { return }
    let peer = try PythonPeer("Tests/EmbeddedPipelineTests/Peers/sts_server.py")
    defer { peer.end() }
    #expect(await eventually(within: 20) { peer.output.first?.hasPrefix("port ") == true })
    let port = try #require(peer.output.first?.dropFirst(5))
    var configuration = MediaServiceConfiguration()
    configuration.port = 0
    configuration.stsURL = "http://127.0.0.1:\(port)"
    configuration.segmentLimit = 8
    let clock = ScaledClock(speed: 20, wallOrigin: WallTime(epochSeconds: Date().timeIntervalSince1970))
    let worker = MediaServiceWorker(configuration: configuration, clock: clock, log: .discard)
    _ = try await worker.start()
    #expect(await eventually(within: 30) { peer.output.contains { $0.contains("stream:end") } })
    let events = peer.output.dropFirst().compactMap { try? JSONValue.parse($0) }
    let names = events.compactMap { $0["event"]?.stringValue }
    #expect(names.filter { $0 == "stream:init" }.count == 2, "\(names)")
    let sequences = events.filter { $0["event"]?.stringValue == "fragment:data" }.compactMap { $0["sequence"]?.intValue }
    #expect(sequences.prefix(3) == [0, 1, 2])
    #expect(sequences.dropFirst(3).first == 0, "a fresh stream after the reconnection")
    let data = try #require(events.first { $0["event"]?.stringValue == "fragment:data" })
    #expect((120_000...136_000).contains(data["size"]?.intValue ?? 0), "96 KB in base64")
    #expect(names.contains("fragment:ack"))
    await worker.stop()
  }

  @Test(.timeLimit(.minutes(1)), arguments: ServiceShape.allCases)
  func `the Python parser reads the metrics`(shape: ServiceShape) async throws {
    guard PythonPeer.isAvailable("metrics against prometheus_client") else { return }
    var counters = WorkerCounters()
    counters.isStreamKnown = true
    counters.sent = 3
    counters.processed = [.success: 2, .failed: 1]
    counters.fallbacks = [.error: 1, .circuitOpen: 2]
    counters.backpressure = [.pause: 1]
    counters.segments = 3
    counters.audioBytes = 288_000
    counters.breakerFailures = 1
    counters.errors = ["sts_timeout": 1]
    counters.sync.observe(16)
    counters.latency.observe(0.7)
    counters.lastSyncMilliseconds = -16
    let text = WorkerMetricsText(
      counters: counters, breaker: .open, inflight: 1, videoWaiting: 0, audioWaiting: 0, streamID: "a\"b\\c\nd",
      startedAt: WallTime(epochSeconds: 1e9),
      created: [:], isInputRunning: true, isOutputRunning: true
    ).render(shape: shape, usage: .current())
    let peer = try PythonPeer("Tests/EmbeddedPipelineTests/Peers/parse_metrics.py")
    try peer.feed(text)
    #expect(await peer.exitStatus(within: 30) == 0)
    #expect(await eventually(within: 5) { !peer.output.isEmpty })
    let families = try JSONValue.parse(try #require(peer.output.first))
    switch shape {
    case .spec018:
      let wanted = [
        "worker_audio_fragments", "worker_fallback", "worker_inflight_fragments", "worker_av_sync_delta_ms", "worker_sts_breaker_state",
        "worker_backpressure_events", "worker_reconnection", "process_start_time_seconds", "process_cpu_seconds",
      ]
      for name in wanted { #expect(families[name] != nil, "\(name) is missing") }
      #expect(families["worker_av_sync_delta_ms"]?["type"]?.stringValue == "histogram")
      #expect(families["worker_sts_breaker_state"]?["samples"]?[0]?[2]?.doubleValue == 1)
    case .mediaService:
      #expect(families["media_service_worker_circuit_breaker_state"]?["samples"]?[0]?[2]?.doubleValue == 2)
      #expect(families["media_service_worker_av_sync_delta_ms"]?["samples"]?[0]?[2]?.doubleValue == 16)
      #expect(families["media_service_worker_sts_fragments_sent"]?["samples"]?[0]?[1]?["stream_id"]?.stringValue == "a\"b\\c\nd")
    }
  }
}
