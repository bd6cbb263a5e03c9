import Contracts
import Events
import HarnessConfig
import HarnessCore
import PrometheusText
import WireFormats

/// What a contract is compared with: metrics, a log of the worker, or both.
package struct ContractSources: Sendable {
  private let metrics: String?
  private let logs: String?
  private let credentials: String?
  private let timeout: Double
  private let format: ExpositionFormat?

  /// - Parameters:
  ///   - metrics: http(s)://…, a file, or `-`; nil for none.
  ///   - logs: a file; nil for none.
  ///   - credentials: where they come from, as `CredentialSource` reads it.
  ///   - timeout: how long a scrape may take, in seconds.
  ///   - format: the format the metrics are read as whatever they say of themselves.
  package init(metrics: String?, logs: String?, credentials: String?, timeout: Double, format: ExpositionFormat? = nil) {
    self.metrics = metrics
    self.logs = logs
    self.credentials = credentials
    self.timeout = timeout
    self.format = format
  }

  /// Compares a contract with them.
  /// - Parameter name: `auto`, a built-in name or a YAML file.
  /// - Returns: what came of it, and why this contract was compared.
  package func check(_ name: String) async throws -> (check: ContractCheck, reason: String) {
    let scrape = try await scrape()
    let lines: [String] = try logs.map { try MetricsSource.lines(ofFile: $0) } ?? []
    let (contract, reason) = try choose(name, scrape, lines)
    var check = ContractCheck(contract, scrape: scrape, others: BuiltInContracts.all)
    if logs != nil {
      check.read(lines: lines, contract: contract, scrape: scrape, others: BuiltInContracts.all, reference: Host.wallClock())
    }
    if contract.name == BuiltInContracts.spec018.name, case .decided(let real, _) = detect(scrape, lines).outcome,
      real.name == Self.mediaService || real.name.hasPrefix(Self.mediaService + "-")
    {
      check.noteDifferences(of: real, from: contract, scrape: scrape, lines: lines, reference: Host.wallClock())
    }
    return (check, reason)
  }

  /// The contract of the media service as built, which others of it are named after.
  private static let mediaService = "media-service"

  /// Drafts a contract from the metrics.
  /// - Returns: the draft as a file that `ContractLoader` reads.
  package func draft(_ name: String, of service: ServiceName) async throws -> String {
    guard let metrics, let scrape = try await scrape() else { throw Problem(.usage, "give the metrics to draft a contract from") }
    let place = metrics == "-" ? "standard input" : Redaction.redact(metrics)
    let url = metrics.hasPrefix("http://") || metrics.hasPrefix("https://") ? place : nil
    let draft = ContractDraft(scrape, name: name, service: service, source: place, url: url, known: BuiltInContracts.all)
    if let problem = draft.contract.problems().first { throw Problem(.usage, "\(problem.path) \(problem.message)") }
    let yaml = ContractWriter.yaml(draft.contract, notes: draft.notes, remarks: draft.leftOut)
    guard yaml.utf8.count <= ContractWriter.maximumBytes else {
      throw Problem(
        .badInput, "\(place) exposes more than one contract can hold (\(draft.contract.signals.count) signals): give a part of it")
    }
    return yaml
  }

  private func scrape() async throws -> Scrape? {
    guard let metrics else { return nil }
    return try await MetricsSource(metrics, credentials: credentials, timeout: timeout).scrape(format: format)
  }

  /// The contract asked for, or the one that scrape and log show.
  private func choose(_ contract: String, _ scrape: Scrape?, _ lines: [String]) throws -> (Contract, String) {
    guard contract == "auto" else {
      return (try ContractLoader.load(contract), "asked for")
    }
    switch detect(scrape, lines).outcome {
    case .decided(let contract, let reason): return (contract, reason)
    case .undecided(_, let missing):
      let names = BuiltInContracts.names
      throw Problem(.negative, "no contract is recognised: \(missing); say which with --contract (\(names), or a file)")
    }
  }

  private func detect(_ scrape: Scrape?, _ lines: [String]) -> ContractDetector {
    var detector = ContractDetector(candidates: BuiltInContracts.all)
    if let scrape {
      let place = Redaction.redact(metrics ?? "the endpoint")
      detector.observe(series: scrape.layout.families.lazy.map(\.name), at: place)
      detector.observe(series: scrape.layout.series.lazy.map(\.name), at: place)
    }
    for line in lines.prefix(10_000) { detector.observe(logLine: line, of: .mediaService) }
    return detector
  }
}
