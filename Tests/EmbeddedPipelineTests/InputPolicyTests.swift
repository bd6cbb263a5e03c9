import Testing
import WireFormats

@testable import EmbeddedPipeline

@Suite struct InputPolicyTests {
  @Test func `an input that is not there at the start is given up after three more tries`() {
    var policy = InputPolicy(isAwaited: false)
    #expect(
      (0..<4).map { _ in policy.failed() } == [
        .retry(afterSeconds: 1), .retry(afterSeconds: 2), .retry(afterSeconds: 4), .giveUp(tries: 4),
      ])
  }

  @Test func `one that was there is tried for ever`() {
    var policy = InputPolicy(isAwaited: false)
    _ = policy.failed()
    #expect(policy.lost() == .retry(afterSeconds: 0.25))
    #expect((0..<100).map { _ in policy.failed() }.allSatisfy { if case .retry(let seconds) = $0 { seconds <= 1 } else { false } })
    var awaited = InputPolicy(isAwaited: true)
    #expect((0..<100).map { _ in awaited.failed() }.allSatisfy { if case .retry = $0 { true } else { false } })
  }

  @Test(arguments: [
    "ftp://h/x", "http://", "http://h:0/x", "http://h:99999/x", "http://u:p@h/x", "rtsp://", "live/test/in", "http://h/a b", "",
  ])
  func `a bad address is one sentence`(url: String) {
    let error = #expect(throws: Problem.self) { try MediaAddress(url, setting: "--input") }
    #expect(error?.description.hasPrefix("--input is ") == true)
    #expect(error?.description.contains("u:p") == false)
  }

  @Test func `addresses are read and shown without secrets`() throws {
    #expect(try MediaAddress("http://h:81/live/in?x=1#y", setting: "").transport == .http(host: "h", port: 81, target: "/live/in?x=1"))
    #expect(try MediaAddress("http://[::1]", setting: "").transport == .http(host: "::1", port: 80, target: "/"))
    let address = try MediaAddress("rtsp://user:secret@h:8554/live", setting: "")
    #expect(address.transport == .ffmpeg(format: "rtsp"))
    #expect(address.shown == "rtsp://h:8554/live")
    #expect(try MediaAddress("rtmp://h/live", setting: "").transport == .ffmpeg(format: "flv"))
  }
}
