import Events
import Foundation
import Judging
import RuleSupport
import RunModel
import Testing

@Suite struct RuleDocumentTests {
  @Test func `a rule of a newer version is never met`() throws {
    let json = #"{"name":"breaker-sings","values":{"songs":[1,2],"loud":true,"of":null}}"#
    let document = try JSONDecoder().decode(RuleDocument.self, from: Data(json.utf8))
    #expect(document.sentence == "breaker-sings")
    #expect(try JSONDecoder().decode(RuleDocument.self, from: JSONEncoder().encode(document)) == document)
    var trial = Trial(document)
    trial.heard()
    trial.fragment(3, .sent, 0)
    trial.end(10)
    #expect(trial.standing == .unobservable && trial.verdict.reason == "this version knows no rule breaker-sings")
  }

  @Test(arguments: [
    (
      RuleDocument("breaker-opens", ["failures": .number(-1e300)]),
      "rule breaker-opens cannot be read: failures is -1e+300, but must be 1 to 1000 failures"
    ),
    (RuleDocument("breaker-opens", ["failures": .text("many")]), "rule breaker-opens cannot be read: failures must be a whole number"),
    (RuleDocument("breaker-opens", ["louder": .flag(true)]), "this version knows no field louder of rule breaker-opens"),
    (RuleDocument("counter", ["signal": .text("errors")]), "needs exactly one of equals, at_least, at_most"),
    (RuleDocument("inflight-limit", ["limit": .other]), "rule inflight-limit cannot be read: limit must be a whole number"),
    (RuleDocument("exits-with-failure"), "rule exits-with-failure cannot be read: service is missing"),
    (RuleDocument("output-duration", ["within_ms": .number(.nan)]), "rule output-duration cannot be read: within_ms must be a number"),
  ]) func `what cannot be read is never met`(_ document: RuleDocument, _ reason: String) {
    var trial = Trial(document)
    trial.heard()
    trial.end(10)
    #expect(trial.standing == .unobservable && trial.verdict.reason.contains(reason), "\(trial.verdict.reason)")
  }

  @Test func `counters are judged by change`() {
    let total = RuleDocument.counter(.signal(.fragmentsSent), .equals, 5, isDelta: false)
    #expect(total.judgedByChange == .counter(.signal(.fragmentsSent), .equals, 5, isDelta: true))
    #expect(RuleDocument.recovers.judgedByChange == .recovers)
  }
}
