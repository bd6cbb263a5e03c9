import Foundation
import HarnessCore
import ProcessGuard
import SocketIO
import TestSupport
import Testing
import WireFormats

@testable import EmbeddedPipeline

/// A real stream through a real worker, read by ffprobe.
@Suite(.serialized) struct MediaLiveTests {
  /// Steps between decoding times beyond this many ticks over the usual one, with where they are.
  private func holes(_ packets: [ProbedPacket], usual: Int64) -> [Int64] {
    zip(packets, packets.dropFirst()).map { $1.dts - $0.dts }.filter { $0 > usual + 10 || $0 <= 0 }
  }

  @Test(.timeLimit(.minutes(2))) func `a stream goes through and an outage leaves no gap`() async throws {
    let rig = try await MediaRig(speed: 5)
    let clip = try await rig.clip(seconds: 20)
    let publisher = try await rig.publish(clip, loops: true)
    _ = try await rig.probe()
    #expect(await eventually(within: 20) { rig.outputSeconds > 12 })
    _ = try await ControlCall.http("POST", at: ServiceAddress(port: rig.speechPort), body: ["action": "outage", "seconds": 20])
    #expect(await eventually(within: 30) { rig.outputSeconds > 40 })
    #expect(!rig.messages("sts disconnected").isEmpty)
    #expect(!rig.messages("fragment fallback").isEmpty)
    let answer = try await rig.control(worker: ["skew_ms": 200])
    #expect(answer["shift_ms"]?.doubleValue == 200)
    let before = rig.outputSeconds
    #expect(await eventually(within: 30) { rig.outputSeconds > before + 10 })
    await publisher.terminate()
    let video = rig.output(true)
    let audio = rig.output(false)
    // Where ffmpeg loops the clip, it leaves some of a tenth of a second itself; an outage would leave seconds.
    #expect(holes(video, usual: 3600).allSatisfy { $0 > 0 && $0 < 9000 }, "\(holes(video, usual: 3600))")
    // The audio goes on likewise, but for the jump that was asked for; at a loop point the clip's own audio is short of a frame or so.
    let jumps = holes(audio, usual: 1920)
    #expect(jumps.filter { $0 > 9000 }.count == 1, "\(jumps)")
    #expect(jumps.first { $0 > 9000 }.map { abs($0 - 19_920) < 2000 } == true, "\(jumps)")
    #expect(audio.count > video.count)
    #expect(rig.messages("output lost").isEmpty && rig.messages("input lost").isEmpty)
    await rig.end()
  }

  @Test(.timeLimit(.minutes(2))) func `a minute once is ten sent and ten processed`() async throws {
    let rig = try await MediaRig(speed: 5)
    let clip = try await rig.clip(seconds: 60)
    let publisher = try await rig.publish(clip, loops: false)
    #expect(await eventually(within: 60) { !rig.messages("stream complete").isEmpty })
    #expect(await publisher.waitForExit() == .exited(0))
    #expect(try await rig.metric(#"worker_audio_fragments_total{status="sent"}"#) == 10)
    #expect(try await rig.metric(#"worker_audio_fragments_total{status="processed"}"#) == 10)
    #expect(try await rig.metric("worker_fallback_total{reason=\"timeout\"}") == 0)
    #expect(try await rig.metric("worker_inflight_fragments") == 0)
    #expect(rig.messages("segment output").count == 10)
    #expect(rig.messages("segment output").allSatisfy { $0["dubbed"]?.boolValue == true })
    #expect(await eventually(within: 20) { !rig.messages("output closed").isEmpty }, "when all is put out, the output ends")
    await rig.end()
  }

  @Test(.timeLimit(.minutes(2))) func `a publisher that comes back begins a new session`() async throws {
    let rig = try await MediaRig(speed: 5)
    let clip = try await rig.clip(seconds: 20)
    let publisher = try await rig.publish(clip, loops: true)
    #expect(await eventually(within: 20) { rig.messages("fragment sent").count >= 3 })
    await publisher.terminate()
    #expect(await eventually(within: 20) { !rig.messages("stream complete").isEmpty })
    #expect(rig.messages("input ended").count + rig.messages("input lost").count == 1)
    let sent = rig.messages("fragment sent").count
    let second = try await rig.publish(clip, loops: true)
    #expect(await eventually(within: 20) { rig.messages("fragment sent").count >= sent + 2 })
    #expect(rig.messages("stream ready").count == 2)
    #expect(rig.messages("fragment sent").dropFirst(sent).first?["sequence_number"]?.intValue == 0)
    #expect(rig.messages("reconnection").isEmpty)
    await second.terminate()
    await rig.end()
  }

  @Test(.timeLimit(.minutes(1))) func `an input that is not there ends the worker`() async throws {
    let rig = try await MediaRig(speed: 20, isInputAwaited: false)
    let exit = try #require(await rig.worker.waitUntilExit())
    #expect(exit.status == 1)
    #expect(exit.reason.contains("was not there in 4 tries") && exit.reason.contains("404"), "\(exit.reason)")
    await rig.end()
  }

  @Test(.timeLimit(.minutes(1))) func `an output that is refused is tried again and nothing else suffers`() async throws {
    let rig = try await MediaRig(speed: 10)
    // Somebody else publishes the output's path: the origin refuses a second one.
    let clip = try await rig.clip(seconds: 20)
    let other = try await rig.publish(clip, loops: true, to: "live/test/out")
    let publisher = try await rig.publish(clip, loops: true)
    #expect(await eventually(within: 30) { rig.messages("output lost").count >= 2 })
    #expect(rig.messages("output lost").first?["reason"]?.stringValue?.contains("409") == true)
    let sent = rig.messages("fragment processed").count
    #expect(await eventually(within: 20) { rig.messages("fragment processed").count >= sent + 2 })
    await other.terminate()
    let lost = rig.messages("output lost").count
    _ = try await rig.probe()
    #expect(await eventually(within: 30) { rig.outputSeconds > 3 })
    #expect(rig.messages("output lost").count <= lost + 1)
    await publisher.terminate()
    await rig.end()
  }

  @Test(.timeLimit(.minutes(1))) func `control takes shifts and refuses nonsense`() async throws {
    let rig = try await MediaRig(speed: 20)
    for (body, part) in [
      (#"{"skew_ms":6000}"#, "skew_ms must be a number from -5000 to 5000"), (#"{"drift_ms_per_s":"x"}"#, "drift_ms_per_s must be"),
      (#"{"action":"audio_skew"}"#, "skew_ms or drift_ms_per_s is missing"), (#"{"seconds":5}"#, "skew_ms or drift_ms_per_s"),
    ] {
      let error = await #expect(throws: FaultRefusal.self) { _ = try await rig.control(worker: try JSONValue.parse(body)) }
      #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    }
    _ = try await rig.control(worker: ["skew_ms": -150, "drift_ms_per_s": 4, "seconds": 20])
    let state = try await ControlCall.http("GET", at: ServiceAddress(port: rig.workerPort), body: nil)
    #expect(state["skew_ms"]?.doubleValue == -150 && state["drift_ms_per_s"]?.doubleValue == 4)
    #expect(
      await eventually(within: 10) {
        (try? await ControlCall.http("GET", at: ServiceAddress(port: rig.workerPort), body: nil))?["skew_ms"]?.doubleValue == 0
      })
    await rig.end()
  }
}
