import Contracts
import Events
import MediaSync
import PrometheusText
import RunModel

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension RunReport {
  /// The report as JSON, sorted and indented: verdicts with evidence, the tables of A/V sync, faults, findings, and the metrics as
  /// scraped when the steps were over (families as prom2json writes them). Times are seconds since judging began.
  package func json() throws -> String { try Self.encode(Document(self)) }

  /// Several runs as one JSON array.
  package static func json(_ reports: [RunReport]) throws -> String { try encode(reports.map(Document.init)) }

  private static func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "+Inf", negativeInfinity: "-Inf", nan: "NaN")
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }

  private struct Document: Encodable {
    struct Item: Encodable {
      var id: String
      var title: String
      var optional: Bool
      var standing: String
      var reason: String
      var decidedAt: Double?
      var decision: String?
      var evidence: [Proof]
      var omittedEvidence: Int
    }
    struct Proof: Encodable {
      var sequence: UInt64
      var at: Double
      var text: String
    }
    struct FaultRow: Encodable {
      var kind: String
      var detail: String
      var began: Double
      var ended: Double?
    }
    struct AlignmentRow: Encodable {
      var segmentIndex: Int
      var videoPts: Double
      var audioPts: Double
      var deltaMs: Double
      var withinThreshold: Bool
    }
    struct Offset: Encodable {
      var segmentIndex: Int
      var offsetMs: Double
      var marks: Int
      var withinThreshold: Bool
    }
    struct Stream: Encodable {
      var name: String
      var timestampAlignment: [AlignmentRow]
      var contentOffset: [Offset]
      var content: String
    }
    struct SeriesValue: Encodable {
      var series: String
      var value: Double
    }

    var scenario: String
    var environment: String
    var contract: String
    var speed: Double
    var startedAt: String
    var durationSeconds: Double
    var outcome: String
    var environmentFailure: String?
    var counts: [String: Int]
    var expectations: [Item]
    var faults: [FaultRow]
    var findings: [String]
    var streams: [Stream]
    var metricsAtCompletion: [String: [SeriesValue]]
    var lostLines: Int

    init(_ report: RunReport) {
      scenario = report.scenario
      environment = report.environment
      contract = report.contract
      speed = report.speed
      startedAt = JUnitReport.timestamp(report.startedAt) + "Z"
      durationSeconds = report.durationSeconds
      outcome = report.outcome.rawValue
      environmentFailure = report.environmentFailure
      counts = [
        "met": report.counts.met, "violated": report.counts.violated, "pending": report.counts.pending,
        "unobservable": report.counts.unobservable,
      ]
      expectations = report.entries.map { entry in
        Item(
          id: entry.expectation.id, title: entry.expectation.title, optional: entry.expectation.isOptional,
          standing: entry.verdict.standing.rawValue, reason: entry.verdict.reason, decidedAt: entry.verdict.decidedAt.map(report.seconds),
          decision: entry.verdict.decision?.description,
          evidence: entry.verdict.evidence.map { Proof(sequence: $0.sequence, at: report.seconds($0.at), text: $0.text) },
          omittedEvidence: entry.verdict.omittedEvidence)
      }
      faults = report.faults.map {
        FaultRow(kind: $0.kind, detail: $0.detail, began: report.seconds($0.began), ended: $0.ended.map(report.seconds))
      }
      findings = report.findings
      let limit = report.thresholds.syncMilliseconds
      streams = report.streams.map { track in
        Stream(
          name: track.name.text,
          timestampAlignment: track.alignments.map {
            AlignmentRow(
              segmentIndex: $0.value.segmentIndex, videoPts: $0.value.videoPTS, audioPts: $0.value.audioPTS,
              deltaMs: $0.value.deltaMilliseconds, withinThreshold: $0.value.isWithin(thresholdMilliseconds: limit))
          },
          contentOffset: track.contentOffsets.map {
            Offset(
              segmentIndex: $0.value.segmentIndex, offsetMs: $0.value.offsetMilliseconds, marks: $0.value.markCount,
              withinThreshold: $0.value.isWithin(thresholdMilliseconds: limit))
          }, content: track.content.rawValue)
      }
      metricsAtCompletion = Dictionary(
        uniqueKeysWithValues: report.snapshots.map { service, scrape in
          (service.text, zip(scrape.layout.series, scrape.values).map { SeriesValue(series: $0.description, value: $1) })
        })
      lostLines = report.lostLines
    }
  }
}
