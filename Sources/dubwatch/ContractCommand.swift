import ArgumentParser
import Contracts
import Events
import Foundation
import HarnessConfig
import HarnessCore
import PrometheusText
import TerminalCanvas
import WireFormats

/// What a contract promises beside what is really there.
struct ContractCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contract", abstract: "Compares a contract with what endpoints and logs really show, or drafts one.",
    subcommands: [Check.self, Init.self])

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints per signal what is promised and what was found.",
      discussion: """
        Verdicts: same, no sample yet, other name, other type, other encoding, other label, ambiguous, missing. \
        Exit status: 0 all as promised, 1 something is not, 3 an endpoint or file cannot be read.
        """)

    @Option(help: "The contract: auto, a built-in name (spec-018, media-service) or a YAML file.")
    var contract = "auto"

    @Option(help: ArgumentHelp("Metrics to compare: http(s)://…, a file, or -.", valueName: "URL|FILE|-"))
    var metrics: String?

    @Option(help: ArgumentHelp("A log of the worker to compare.", valueName: "FILE"))
    var logs: String?

    @Option(help: ArgumentHelp("Credentials for the endpoint, as in `dubwatch metrics`."))
    var credentials: String?

    @Option(help: "Seconds that the scrape may take, 0.1 to 600.")
    var timeout: Double = 10

    @Flag(help: "Print JSON.")
    var json = false

    mutating func validate() throws {
      guard metrics != nil || logs != nil else { throw ValidationError("Give --metrics URL|FILE, --logs FILE, or both.") }
      guard (0.1...600).contains(timeout) else { throw ValidationError("--timeout is \(timeout), but must be 0.1 to 600.") }
    }

    mutating func run() async throws {
      let scrape: Scrape? =
        if let metrics { try await MetricsSource(metrics, credentials: credentials, timeout: timeout).scrape(format: nil) } else { nil }
      let lines: [String] = try logs.map { try MetricsSource.lines(ofFile: $0) } ?? []
      let (contract, reason) = try choose(scrape, lines)
      var check = ContractCheck(contract, scrape: scrape, others: BuiltInContracts.all)
      if logs != nil { check.read(lines: lines, contract: contract, scrape: scrape, others: BuiltInContracts.all) }
      let text = json ? try ContractListing.json(check) : ContractListing.text(check, reason: reason)
      guard StandardOutput.write(text), check.isKept else { throw ExitCode(ExitStatus.no) }
    }

    /// The contract asked for, or the one that scrape and log show.
    private func choose(_ scrape: Scrape?, _ lines: [String]) throws -> (Contract, String) {
      guard contract == "auto" else {
        return (try ContractLoader.load(contract), "asked for")
      }
      var detector = ContractDetector(candidates: BuiltInContracts.all)
      if let scrape {
        let place = Redaction.redact(metrics ?? "the endpoint")
        detector.observe(series: scrape.layout.families.lazy.map(\.name), at: place)
        detector.observe(series: scrape.layout.series.lazy.map(\.name), at: place)
      }
      for line in lines.prefix(10_000) { detector.observe(logLine: line, of: .mediaService) }
      switch detector.outcome {
      case .decided(let contract, let reason): return (contract, reason)
      case .undecided(_, let missing):
        let names = BuiltInContracts.all.map(\.name).joined(separator: ", ")
        throw Problem(.negative, "no contract is recognised: \(missing); say which with --contract (\(names), or a file)")
      }
    }
  }

  struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Drafts a contract from what an endpoint exposes and prints it as YAML.")

    @Option(help: ArgumentHelp("Metrics to draft from: http(s)://…, a file, or -.", valueName: "URL|FILE|-"))
    var metrics: String

    @Option(help: "The draft's name.")
    var name = "draft"

    @Option(help: "The service that exposes the metrics.")
    var service = "media-service"

    @Option(help: ArgumentHelp("Credentials for the endpoint, as in `dubwatch metrics`."))
    var credentials: String?

    @Option(help: "Seconds that the scrape may take, 0.1 to 600.")
    var timeout: Double = 10

    mutating func validate() throws {
      guard (0.1...600).contains(timeout) else { throw ValidationError("--timeout is \(timeout), but must be 0.1 to 600.") }
    }

    mutating func run() async throws {
      let scrape = try await MetricsSource(metrics, credentials: credentials, timeout: timeout).scrape(format: nil)
      guard scrape.count > 0 else { throw Problem(.badInput, "\(Redaction.redact(metrics)): exposes no series to draft a contract from") }
      let url = metrics.hasPrefix("http://") || metrics.hasPrefix("https://") ? Redaction.redact(metrics) : nil
      let draft = ContractDraft.make(scrape, name: name, service: ServiceName(service), url: url, known: BuiltInContracts.all)
      guard StandardOutput.write(ContractWriter.yaml(draft)) else { throw ExitCode(ExitStatus.no) }
    }
  }
}

/// A contract check as text or JSON.
enum ContractListing {
  static func text(_ check: ContractCheck, reason: String) -> String {
    var lines = ["contract \(check.contract): \(reason)"]
    let width = check.rows.map { displayWidth($0.signal.text) }.max() ?? 0
    for row in check.rows {
      let mark = row.verdict.isKept ? "ok " : "NO "
      let name = row.signal.text + String(repeating: " ", count: max(0, width - displayWidth(row.signal.text)))
      let verdict = ([row.verdict] + row.also).map(\.rawValue).joined(separator: " + ")
      lines.append("\(mark) \(name)  \(verdict)  promised \(row.promised)" + (row.found.map { "  found \($0)" } ?? ""))
    }
    if !check.rows.isEmpty {
      lines.append("\(check.rows.count { $0.verdict.isKept }) of \(check.rows.count) signals as promised")
    }
    if !check.rows.isEmpty, check.rows.allSatisfy({ $0.verdict == .missing }) {
      lines.append("nothing of this contract is exposed: another contract, or no stream yet (media-service shows nothing before its first)")
    }
    for row in check.logRows where row.lines > 0 { lines.append("log  \(row.lines) × \(row.happening): \(row.pattern)") }
    if !check.logRows.isEmpty {
      let matched = check.lineCount - check.unknownLineCount
      lines.append(
        "\(matched) of \(check.lineCount) log lines known, \(check.logRows.count { $0.lines > 0 }) of \(check.logRows.count) kinds of line found"
      )
    }
    lines += check.remarks.map { "NO  \($0)" }
    return lines.map { escapeUntrusted($0) }.joined(separator: "\n") + "\n"
  }

  static func json(_ check: ContractCheck) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(check), as: UTF8.self) + "\n"
  }
}
