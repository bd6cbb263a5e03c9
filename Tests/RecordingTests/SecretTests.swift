import Contracts
import Events
import MCAP
import RunModel
import Testing
import WireFormats

@testable import Recording

/// What must not be in a file is looked for in all of it, unpacked.
@Suite struct SecretTests {
  private static let secret = "SECRET789"

  /// Everything that a line of a log, an answer or the system can put into an event.
  private static func events(_ text: String) -> [RunEvent] {
    func told(_ kind: Happening.Kind) -> RunEvent {
      .happening(Happening(kind, service: "media-service", provenance: .observed, line: "a line with \(text)"))
    }
    var verdict = Verdict.open
    verdict.reason = "because of token=\(secret)"
    verdict.evidence = [Evidence(sequence: 0, at: .zero, text: "the log said \(text)")]
    var unsent = FragmentHappening(stage: .unsent)
    unsent.detail = text
    return [
      told(.speechDisconnected(reason: text)), told(.note(text)), told(.finding(Finding(id: "a", text: text))),
      told(.lifecycle(.restarted(evidence: text))), told(.lifecycle(.exited(status: 1, reason: text))), told(.fragment(unsent)),
      .logLines([LogLine(service: "media-service", text: text, level: .error)]),
      .verdict(VerdictChange(index: 0, expectation: "x", verdict: verdict)),
    ]
  }

  private static let own: [RunEvent] = [
    .happening(Happening(.environment(.failed, reason: "token=\(secret)"), service: "dubwatch", provenance: .own)),
    .happening(Happening(.mark("token=\(secret)"), service: "dubwatch", provenance: .own)),
    .happening(Happening(.runEnded(reason: "token=\(secret)"), service: "dubwatch", provenance: .own)),
    .sourceStatus(
      SourceStatus(
        standing: .failing(reason: "token=\(secret)", consecutiveFailures: 1, retryInSeconds: 1), target: "http://x/?token=\(secret)",
        intervalSeconds: 1)),
    .sample(
      .health(HealthSample(service: "media-service", outcome: .unreachable(reason: "token=\(secret)"), latencyMilliseconds: 1, url: ""))),
  ]

  /// All that a file holds, as one text.
  private static func unpacked(_ events: [RunEvent], _ head: RecordingHead, mask: @escaping @Sendable (String) -> String) throws -> String {
    var writer = RecordingWriter(head, mask: mask)
    for (index, event) in events.enumerated() {
      try writer.add(
        EventEnvelope(
          sequence: UInt64(index), instant: RunInstant(seconds: Double(index)), wall: WallTime(epochSeconds: 1_700_000_000),
          source: SourceID(.log, "media-service"), event: event))
    }
    #expect(writer.unwritten == 0)
    try writer.finish(isWhole: true)
    var messages = try MCAPMessages(MCAPBytes(writer.take()))
    var text = ""
    while let item = try messages.next() {
      switch item {
      case .message(let message, _): text += String(decoding: message.data, as: UTF8.self) + "\n"
      case .metadata(let metadata): text += metadata.texts.values.joined(separator: "\n") + "\n"
      case .attachment: Issue.record("an attachment")
      }
    }
    return text
  }

  @Test(arguments: [false, true]) func `no secret is anywhere in a recording`(lacksLogs: Bool) throws {
    var head = RecordingHead()
    head.lacksLogs = lacksLogs
    let events = Self.events("token=\(Self.secret) rtmp://user:PW999@host/live") + Self.own
    let text = try Self.unpacked(events, head) {
      $0.replacing(Self.secret, with: "***").replacing("user:PW999@", with: "")
    }
    #expect(text.contains("***"))
    #expect(!text.contains(Self.secret))
    #expect(!text.contains("PW999"))
  }

  @Test func `a recording without log texts has none in happenings and evidence either`() throws {
    var head = RecordingHead()
    let words = "the words of a line"
    #expect(try Self.unpacked(Self.events(words), head) { $0 }.contains(words))
    head.lacksLogs = true
    let text = try Self.unpacked(Self.events(words), head) { $0 }
    #expect(!text.contains(words))
    // What is counted stays.
    for word in ["unsent", "speechDisconnected", "exited", "because of"] { #expect(text.contains(word), "\(word)") }
  }

  @Test func `what a run is judged by is not masked`() throws {
    var contract = RunDescription(
      scenario: "a", environment: "attached", contract: .init(name: "none", summary: "token=kept"), contractReason: "token=\(Self.secret)",
      services: [], startedAt: WallTime(epochSeconds: 0))
    contract.expectations = [Expectation(id: "session=1", title: "x", rule: RuleDocument("steps-done"))]
    let text = try Self.unpacked([.description(contract)], RecordingHead()) {
      $0.contains("token=") || $0.contains("session=") ? "***" : $0
    }
    #expect(text.contains("token=kept") && text.contains("session=1"))
    #expect(!text.contains(Self.secret))
  }
}
