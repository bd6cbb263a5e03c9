import Contracts
import Events
import Foundation
import TestSupport
import Testing

@testable import HarnessCore

@Suite struct HealthJudgementTests {
  /// An answer and what it must be read as.
  struct Body: Codable, Sendable, CustomTestStringConvertible {
    var name: String
    var status: Int
    var body: String
    var want: String
    /// What must stand in the outcome: its word, or a part of its excerpt.
    var word: String
    var testDescription: String { name }
  }

  static func bodies() throws -> [Body] {
    try JSONDecoder().decode([Body].self, from: Data(contentsOf: URL(fileURLWithPath: Checkout.fixture("health/bodies.json"))))
  }

  private func answer(_ body: String, _ status: Int = 200, type: String? = nil) -> HTTPAnswer {
    HTTPAnswer(status: status, contentType: type, body: Array(body.utf8), isCut: false, latencyMilliseconds: 1)
  }

  @Test func `every body is read as it must be`() throws {
    let bodies = try Self.bodies()
    #expect(bodies.count > 50)
    for body in bodies {
      switch HealthJudgement().judge(answer(body.body, body.status)) {
      case .healthy(let status, let word, _):
        #expect(body.want == "healthy" && status == body.status, "\(body.name)")
        if !body.word.isEmpty { #expect(word == body.word, "\(body.name)") }
      case .unclear(_, let word, _):
        #expect(body.want == "unclear", "\(body.name): \(word ?? "-")")
        #expect((word ?? "") == body.word, "\(body.name)")
      case .unhealthy(_, let excerpt):
        #expect(body.want == "unhealthy", "\(body.name): \(excerpt)")
        #expect(body.word.isEmpty || excerpt.contains(body.word), "\(body.name): \(excerpt)")
      case .unreachable, .unasked: Issue.record("\(body.name)")
      }
    }
  }

  @Test func `good words are the contracts`() {
    var contract = Contract(name: "x", summary: "", goodWords: ["Serving", "out of service"])
    contract.endpoints = [Endpoint(service: "own", kind: .health, url: "http://x/", healthWord: "lagging")]
    let words = HealthWords(contract)
    func judge(_ word: String, _ service: ServiceName = "x") -> Bool? {
      HealthJudgement(words: words, service: service).judge(answer("{\"status\":\"\(word)\"}")).isGood
    }
    #expect(judge("SERVING") == true && judge("OUT_OF_SERVICE") == true)
    #expect(judge("ok") == nil && judge("down") == false)
    #expect(judge("lagging") == nil && judge("lagging", "own") == true)
    // Before a contract is known, each candidate's words are good.
    let any = HealthWords([contract, Contract(name: "y", summary: "")])
    #expect(any.meaning(of: "serving", by: nil) == .good && any.meaning(of: "ok", by: nil) == .good)
    #expect(HealthWords([]) == .standard)
  }

  @Test func `a page is no health answer whatever it holds`() {
    #expect(HealthJudgement().judge(answer("ok", type: "text/html; charset=utf-8")).isGood == false)
    #expect(HealthJudgement().judge(answer("ok", type: "text/plain")).isGood == true)
  }

  @Test(arguments: [
    String(repeating: "[", count: 100_000), String(repeating: #"{"checks":"#, count: 60) + "1" + String(repeating: "}", count: 60),
    "{\"checks\":[" + Array(repeating: #"{"status":"ok"}"#, count: 20_000).joined(separator: ",") + "]}", "\u{0}\u{1B}[31m", "\"", "-",
  ])
  func `hostile bodies end`(body: String) {
    let outcome = HealthJudgement().judge(answer(body))
    if case .unclear(_, let word, let excerpt) = outcome { #expect((word ?? "").utf8.count < 400 && excerpt.utf8.count <= 400) }
  }

  @Test func `bounds excerpts`() {
    let long = HealthJudgement.excerpt(of: Array(String(repeating: "ü", count: 5000).utf8))
    #expect(long.utf8.count <= HealthJudgement.excerptLimit)
    #expect(!long.contains("\u{FFFD}"))
    #expect(HealthJudgement.excerpt(of: [0xFF, 0x1B]) == "\u{FFFD}\u{1B}")
  }

  @Test(arguments: [
    (EMFILE, "dubwatch itself had no more file descriptors"), (ENFILE, "dubwatch's machine had no more file descriptors"),
    (ENOMEM, "dubwatch's machine had no more memory"),
  ])
  func `our own shortage is no ones outage`(code: CInt, words: String) throws {
    let failure = FetchFailure(errno: code)
    #expect(failure == .ownShortage(words))
    #expect(HealthCheck.outcome(of: failure) == .unasked(reason: words))
    let refused = FetchFailure(errno: ECONNREFUSED)
    #expect(HealthCheck.outcome(of: refused) == .unreachable(reason: "connection refused"))
  }
}
