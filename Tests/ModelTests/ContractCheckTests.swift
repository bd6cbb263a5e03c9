import Contracts
import Events
import PrometheusText
import RunModel
import Testing

@Suite struct ContractCheckTests {
  private static let promised = Contract(
    name: "mine", summary: "",
    signals: [
      SignalBinding(
        signal: .fragmentsSent, title: "sent", series: "w_fragments_total", labels: ["status": "sent"], kind: .counter, absentIsZero: true),
      SignalBinding(signal: .inflightFragments, title: "in flight", series: "w_inflight_fragments", kind: .gauge),
      SignalBinding(signal: .syncClaim, title: "sync", series: "w_sync_ms", kind: .histogram),
      SignalBinding(signal: .breakerState, title: "breaker", series: "w_breaker", kind: .gauge),
    ],
    logTemplates: [
      LogTemplate(happening: "breaker", pattern: "circuit breaker"), LogTemplate(happening: "fragment-sent", pattern: "fragment sent"),
    ])
  private static let swapped = Contract(
    name: "theirs", summary: "",
    signals: [SignalBinding(signal: .breakerState, title: "breaker", series: "x_state", kind: .gauge)],
    breakerEncoding: [.init(value: 0, state: .closed), .init(value: 1, state: .halfOpen), .init(value: 2, state: .open)])

  private static func scrape(_ text: String) throws -> Scrape {
    var parser = ExpositionParser()
    return try parser.parse(Array(text.utf8), format: .text)
  }

  private static let good = """
    # TYPE w_fragments_total counter
    w_fragments_total{status="sent"} 3
    # TYPE w_inflight_fragments gauge
    w_inflight_fragments 1
    # TYPE w_sync_ms histogram
    w_sync_ms_bucket{le="+Inf"} 1
    w_sync_ms_sum 5
    w_sync_ms_count 1
    # TYPE w_breaker gauge
    w_breaker 0

    """

  @Test func `keeps every promise`() throws {
    let check = ContractCheck(Self.promised, scrape: try Self.scrape(Self.good))
    #expect(check.rows.map(\.fit) == [.same, .same, .same, .same])
    #expect(check.isKept)
    #expect(check.finding == nil)
  }

  @Test(arguments: [
    ("w_fragments_total{status=\"sent\"} 3", "", ContractCheck.Fit.noSampleYet, 0),
    ("w_fragments_total{status=\"sent\"} 3", "w_fragments_total{status=\"lost\"} 3", .noSampleYet, 0),
    ("w_fragments_total{status=\"sent\"} 3", "w_fragments_total{state=\"sent\"} 3", .otherLabel, 0),
    ("# TYPE w_inflight_fragments gauge", "# TYPE w_inflight_fragments counter", .otherType, 1),
    ("w_inflight_fragments 1", "w_inflight_fragments{a=\"1\"} 1\nw_inflight_fragments{a=\"2\"} 1", .ambiguous, 1),
    ("w_breaker 0", "w_breaker 7", .otherEncoding, 3),
  ])
  func `names what differs`(old: String, new: String, fit: ContractCheck.Fit, row: Int) throws {
    let check = ContractCheck(Self.promised, scrape: try Self.scrape(Self.good.replacing(old, with: new)))
    #expect(check.rows[row].fit == fit)
    #expect(check.rows.enumerated().allSatisfy { $0.offset == row || $0.element.fit == .same })
    #expect(check.isKept == fit.isKept)
    #expect((check.finding == nil) == fit.isKept)
  }

  @Test func `finds a signal under another name`() throws {
    let renamed = Self.good.replacing("w_inflight_fragments", with: "worker_inflight_fragments_now").replacing("w_breaker", with: "x_state")
    let check = ContractCheck(Self.promised, scrape: try Self.scrape(renamed), others: [Self.swapped])
    #expect(check.rows[1].fit == .otherName)
    #expect(check.rows[1].found == "worker_inflight_fragments_now")
    #expect(check.rows[3].fit == .otherName)
    #expect(check.rows[3].also == [.otherEncoding])
  }

  @Test func `says nothing on screen before the first stream`() throws {
    let check = ContractCheck(Self.promised, scrape: try Self.scrape("python_info 1\n"))
    #expect(check.rows.allSatisfy { $0.fit == .missing })
    #expect(check.finding == nil)
    #expect(!check.isKept)
  }

  @Test func `names a swapped encoding`() throws {
    let scrape = try Self.scrape(Self.good.replacing("w_breaker 0", with: "w_breaker 2"))
    var check = ContractCheck(Self.promised, scrape: scrape, others: [Self.swapped])
    check.read(
      lines: [
        #"{"timestamp":1,"level":"info","msg":"fragment sent","fragment_id":"a","sequence_number":1}"#,
        #"{"timestamp":2,"level":"warning","msg":"circuit breaker opened","state":"open","trigger":"timeout","failure_count":5}"#,
        "circuit breaker is what this line is about", "something else",
      ], contract: Self.promised, scrape: scrape, others: [Self.swapped])
    #expect(check.rows[3].fit == .otherEncoding)
    #expect(check.remarks.contains { $0.contains("swapped, as in contract theirs") })
    #expect(check.remarks.contains { $0.contains("1 of 4 log lines") })
    #expect(check.logRows.map(\.lines) == [1, 1])
    #expect(!check.isKept)
  }

  @Test func `draft is kept by what it was drafted from`() throws {
    let scrape = try Self.scrape(
      Self.good + "# TYPE other_seconds_total counter\nother_seconds_total{a=\"1\"} 1\nother_seconds_total{a=\"2\"} 1\n")
    let draft = ContractDraft.make(scrape, name: "d", service: "w", url: nil, known: [Self.promised])
    #expect(draft.signals.map(\.signal) == [.fragmentsSent, .inflightFragments, .syncClaim, .breakerState, "other_seconds_total"])
    #expect(draft.signals.last?.aggregation == .sum)
    #expect(ContractCheck(draft, scrape: scrape).isKept)
  }
}
