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

  /// - Parameters:
  ///   - metrics: http(s)://…, a file, or `-`; nil for none.
  ///   - logs: a file; nil for none.
  ///   - credentials: where they come from, as `CredentialSource` reads it.
  ///   - timeout: how long a scrape may take, in seconds.
  package init(metrics: String?, logs: String?, credentials: String?, timeout: Double) {
    self.metrics = metrics
    self.logs = logs
    self.credentials = credentials
    self.timeout = timeout
  }

  /// Compares a contract with them.
  /// - Parameter name: `auto`, a built-in name or a YAML file.
  /// - Returns: what came of it, and why this contract was compared.
  package func check(_ name: String) async throws -> (check: ContractCheck, reason: String) {
    let scrape = try await scrape()
    let lines: [String] = try logs.map { try MetricsSource.lines(ofFile: $0) } ?? []
    let (contract, reason) = try choose(name, scrape, lines)
    var check = ContractCheck(contract, scrape: scrape, others: BuiltInContracts.all)
    if logs != nil { check.read(lines: lines, contract: contract, scrape: scrape, others: BuiltInContracts.all) }
    return (check, reason)
  }

  /// Drafts a contract from the metrics.
  package func draft(_ name: String, of service: ServiceName) async throws -> Contract {
    guard let metrics, let scrape = try await scrape(), scrape.count > 0 else {
      throw Problem(.badInput, "\(Redaction.redact(metrics ?? "")): exposes no series to draft a contract from")
    }
    let url = metrics.hasPrefix("http://") || metrics.hasPrefix("https://") ? Redaction.redact(metrics) : nil
    return ContractDraft.make(scrape, name: name, service: service, url: url, known: BuiltInContracts.all)
  }

  private func scrape() async throws -> Scrape? {
    guard let metrics else { return nil }
    return try await MetricsSource(metrics, credentials: credentials, timeout: timeout).scrape(format: nil)
  }

  /// The contract asked for, or the one that scrape and log show.
  private func choose(_ contract: String, _ scrape: Scrape?, _ lines: [String]) throws -> (Contract, String) {
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
      let names = BuiltInContracts.names
      throw Problem(.negative, "no contract is recognised: \(missing); say which with --contract (\(names), or a file)")
    }
  }
}
