import Events
import Foundation
import SocketIO
import SpeechProtocol
import Synchronization
import Testing
import WireFormats

@testable import EmbeddedPipeline

@Suite struct SupportTests {
  @Test func `silence is frames of the right size at the right rate`() {
    let bytes = AACSilence.frames(firstFrame: 0, count: 1125)
    #expect(bytes.count == 384_000, "24 s at 128 kbit/s")
    #expect(AACSilence.countFrames(bytes) == 1125)
    #expect(bytes == AACSilence.frames(firstFrame: 0, count: 1125))
    #expect(AACSilence.countFrames(bytes.dropLast()) == nil)
    #expect(AACSilence.countFrames([1, 2, 3, 4, 5, 6, 7, 8]) == nil)
    for size in [20, 64, 341, 342, 500] { #expect(AACSilence.frame(byteCount: size).count == size) }
  }

  @Test func `segments lie on the grids of both tracks`() {
    let grid = SegmentGrid()
    let segments = (0..<8).map { grid.segment($0, cutAt: .zero) }
    #expect(segments.map(\.audioFrames) == [282, 281, 281, 281, 282, 281, 281, 281])
    #expect(segments.allSatisfy { $0.videoFrames == 180 })
    let deltas = segments.map { ($0.startDeltaMilliseconds * 100).rounded() / 100 }
    #expect(deltas == [0, 16, 10.67, 5.33, 0, 16, 10.67, 5.33])
    #expect(grid.audio(of: segments[3]).count == segments[3].audioBytes)
    #expect(abs(segments[0].audioBytes - 96_000) < 400)
  }

  @Test(arguments: [
    (0.0, "0.0"), (8, "8.0"), (785913, "785913.0"), (12108707, "1.2108707e+07"), (0.032, "0.032"), (.infinity, "+Inf"),
    (1_795_352_925.1969182, "1.7953529251969182e+09"), (192_221_184, "1.92221184e+08"), (-3, "-3.0"),
  ])
  func `numbers are written as the Python client does`(value: Double, text: String) { #expect(MetricsWriter.number(value) == text) }

  @Test func `lines have the shape of their contract`() {
    let wall = WallTime(epochSeconds: 1_767_139_200.12)
    let event = WorkerLogEvent.breaker(BreakerTransition(from: .closed, state: .open, trigger: .timeout, failureCount: 5))
    let spec = WorkerLogText(shape: .spec018, streamID: "test", stsURL: "http://h").entries(for: event)
    #expect(
      spec.map { $0.line(shape: .spec018, at: wall, utcOffsetSeconds: 0) } == [
        #"{"timestamp":1767139200.120,"level":"warning","msg":"circuit breaker opened","state":"open","trigger":"timeout","failure_count":5}"#
      ])
    let sent = WorkerLogText(shape: .mediaService, streamID: "test", stsURL: "http://h")
      .entries(for: .fragmentSent(id: "7e763ab2", sequence: 0, milliseconds: 6015))
    #expect(
      sent.map { $0.line(shape: .mediaService, at: wall, utcOffsetSeconds: 3600) } == [
        "2025-12-31 01:00:00,120 - media_service.sts.socketio_client - INFO - Fragment sent: id=7e763ab2, seq=0, duration=6015ms"
      ])
  }

  @Test func `hostile text cannot break a line`() throws {
    let entry = LogEntry(.info, "x\n\u{1B}[31m\"", fields: [("a", .text("b\u{0}\\"))])
    let json = entry.line(shape: .spec018, at: WallTime(epochSeconds: 0), utcOffsetSeconds: 0)
    #expect(try JSONValue.parse(json)["msg"]?.stringValue == "x\n\u{1B}[31m\"")
    #expect(try JSONValue.parse(json)["a"]?.stringValue == "b\u{0}\\")
    #expect(!entry.line(shape: .mediaService, at: WallTime(epochSeconds: 0), utcOffsetSeconds: 0).contains("\n"))
  }

  @Test(arguments: [
    (["ECHO_PORT": "70000"], "ECHO_PORT"), (["ECHO_PROCESSING_DELAY_MS": "x"], "ECHO_PROCESSING_DELAY_MS"),
    (["LOG_LEVEL": "loud"], "LOG_LEVEL"), (["BACKPRESSURE_ENABLED": "perhaps"], "BACKPRESSURE_ENABLED"),
    (["BACKPRESSURE_THRESHOLD_LOW": "0.8"], "must rise"), (["AUTO_DISCONNECT_DELAY": "-1"], "AUTO_DISCONNECT_DELAY"),
  ])
  func `bad environment of the speech service is one sentence`(environment: [String: String], part: String) {
    let error = #expect(throws: Problem.self) { try EchoSTSConfiguration(environment: environment) }
    #expect(error?.description.contains(part) == true)
    #expect(error?.description.contains("\n") == false)
  }

  @Test func `the environment is read`() throws {
    let echo = try EchoSTSConfiguration(environment: [
      "ECHO_HOST": "0.0.0.0", "ECHO_PORT": "3000", "ECHO_PROCESSING_DELAY_MS": "250", "LOG_LEVEL": "WARNING",
      "BACKPRESSURE_ENABLED": "true", "BACKPRESSURE_THRESHOLD_LOW": "0.2", "AUTO_DISCONNECT_DELAY": "0.5", "ECHO_UNKNOWN": "x",
    ])
    #expect(echo.host == "0.0.0.0" && echo.port == 3000 && echo.processingDelayMilliseconds == 250)
    #expect(echo.logLevel == .warning && echo.isBackpressureEnabled && echo.lowThreshold == 0.2 && echo.autoDisconnectSeconds == 0.5)
    let worker = try MediaServiceConfiguration(environment: [
      "RTSP_URL": "rtsp://mediamtx:8554/live/test/in", "STS_URL": "http://echo-sts:8080", "METRICS_PORT": "8001", "STREAM_ID": "abc",
    ])
    #expect(worker.inputURL == "rtsp://mediamtx:8554/live/test/in" && worker.stsURL == "http://echo-sts:8080")
    #expect(worker.port == 8001 && worker.streamID == "abc")
    for bad in [["STS_URL": "echo:8080"], ["RTSP_URL": "file:///x"], ["METRICS_PORT": ""], ["MAX_INFLIGHT": "11"]] {
      if bad["METRICS_PORT"] != nil { continue }
      #expect(throws: Problem.self) { try MediaServiceConfiguration(environment: bad) }
    }
  }

  @Test(arguments: [
    (#"{}"#, "stream_id is missing"), (#"{"stream_id":1}"#, "stream_id must be a text"), ("[]", "not a JSON object"),
    (
      #"{"stream_id":"a","worker_id":"b","config":{"source_language":"en","target_language":"es","channels":"two"}}"#,
      "config.channels must be a whole number"
    ),
    (
      #"{"stream_id":"a","worker_id":"b","config":{"source_language":"en","target_language":"es"},"max_inflight":2.5}"#,
      "max_inflight is 2.5, but must be a whole number from 1 to 10"
    ),
  ])
  func `unreadable payloads name the field`(text: String, part: String) throws {
    let value = try JSONValue.parse(text)
    let error = #expect(throws: STSViolation.self) { try STSCodec.read(STSStreamInit.self, from: value) }
    #expect(error?.code == .invalidConfig)
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
  }

  /// The pipeline's own clients send an empty configuration, or none.
  @Test(arguments: [
    (#"{"stream_id":"a","worker_id":"b"}"#, "en", "es"), (#"{"stream_id":"a","worker_id":"b","config":{}}"#, "en", "es"),
    (#"{"stream_id":"a","worker_id":"b","config":{"target_language":"de"}}"#, "en", "de"),
    (#"{"stream_id":"a","worker_id":"b","config":{"chunk_duration_ms":30000},"timeout_ms":60000}"#, "en", "es"),
  ])
  func `languages that are not named are those of the data model`(text: String, source: String, target: String) throws {
    let message = try STSCodec.read(STSStreamInit.self, from: try JSONValue.parse(text))
    try message.validate()
    #expect(message.config.sourceLanguage == source && message.config.targetLanguage == target)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func `a log that cannot be written is said once`() throws {
    let said = Mutex<[String]>([])
    let log = try LogWriter(
      .file("/dev/full"), shape: .spec018, minimum: .info, clock: ScaledClock(wallOrigin: WallTime(epochSeconds: 0)),
      onLoss: { sentence in said.withLock { $0.append(sentence) } })
    for _ in 0..<3 { log.write(LogEntry(.info, "lost")) }
    #expect(said.withLock { $0 } == ["the log file \"/dev/full\" cannot be written (No space left on device): lines are lost"])
  }

  /// What a service says it can do is not needed: without it, or with something else there, the stream is open all the same.
  @Test(arguments: [
    "", #","capabilities":{}"#, #","capabilities":null"#, #","capabilities":["x"]"#, #","capabilities":{"async_delivery":"yes"}"#,
  ])
  func `a stream is ready whatever the capabilities`(rest: String) throws {
    let value = try JSONValue.parse(#"{"stream_id":"a","session_id":"s","max_inflight":3\#(rest)}"#)
    let ready = try STSCodec.read(STSStreamReady.self, from: value)
    #expect(ready.sessionID == "s" && ready.maxInflight == 3 && ready.capabilities?.asyncDelivery == nil)
  }

  @Test(arguments: [(70000.0, "delay_ms is 70000, but must be 0 to 60000"), (-0.5, "delay_ms is -0.5, but must be 0 to 60000")])
  func `numbers are said as they were written`(milliseconds: Double, sentence: String) {
    let error = #expect(throws: STSViolation.self) { try STSSimulateDisconnect(delayMs: milliseconds).validate() }
    #expect(error?.message == sentence)
  }

  @Test func `payloads survive the way through JSON`() throws {
    let message = STSFragmentProcessed(
      fragmentID: "f", streamID: "s", sequenceNumber: 1, status: .failed, processingTimeMs: 5,
      error: STSFragmentError(code: "TIMEOUT", message: "m", stage: "asr", retryable: true))
    let json = try STSCodec.json(message)
    #expect(json["fragment_id"]?.stringValue == "f")
    #expect(json["error"]?["retryable"]?.boolValue == true)
    #expect(json["dubbed_audio"] == nil)
    #expect(try STSCodec.read(STSFragmentProcessed.self, from: json) == message)
  }

  @Test(arguments: STSErrorCode.allCases) func `retryability is that of the contract`(code: STSErrorCode) {
    let retryable: Set<STSErrorCode> = [.timeout, .modelError, .gpuOutOfMemory, .queueFull, .rateLimit]
    #expect(code.isRetryable == retryable.contains(code))
    #expect(code.severity == (code == .authFailed ? .fatal : [.queueFull, .rateLimit].contains(code) ? .warning : .error))
  }
}
