import ArgumentParser
import CommandText
import Contracts
import Events
import HarnessConfig
import HarnessRun

/// What a contract promises beside what is really there.
struct ContractCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(of: "contract", subcommands: [Check.self, Init.self, Show.self])

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(of: "contract check")

    @Option(help: "The contract: auto, a built-in name (\(BuiltInContracts.names)) or a YAML file.")
    var contract = "auto"

    @Option(help: ArgumentHelp("Metrics to compare: http(s)://…, a file, or -.", valueName: "URL|FILE|-"))
    var metrics: String?

    @OptionGroup var endpoint: EndpointOptions

    @Option(help: ArgumentHelp("A log of the worker to compare.", valueName: "FILE"))
    var logs: String?

    @Flag(help: "Print JSON.")
    var json = false

    mutating func validate() throws {
      // A contract alone can be read: what is wrong in it is said.
      guard metrics != nil || logs != nil || contract != "auto" else {
        throw ValidationError("Give --metrics URL|FILE, --logs FILE, or both; --contract NAME|FILE alone reads the contract.")
      }
    }

    mutating func run() async throws {
      let sources = endpoint.contractSources(metrics: metrics, logs: logs)
      guard metrics != nil || logs != nil else {
        return try answer(try ContractListing.reading(contract))
      }
      let (check, reason) = try await sources.check(contract)
      let text = json ? try ContractListing.json(check) : ContractListing.text(check, reason: reason)
      try answer(text, isGood: check.isKept)
    }
  }

  struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(of: "contract init")

    @Option(help: ArgumentHelp("Metrics to draft from: http(s)://…, a file, or -.", valueName: "URL|FILE|-"))
    var metrics: String

    @OptionGroup var endpoint: EndpointOptions

    @Option(help: "The draft's name.")
    var name = "draft"

    @Option(help: "The service that exposes the metrics.")
    var service = "media-service"

    mutating func run() async throws {
      let sources = endpoint.contractSources(metrics: metrics, logs: nil)
      try answer(try await sources.draft(name, of: ServiceName(service)))
    }
  }
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(of: "contract show")

    @Argument(help: "A built-in name (\(BuiltInContracts.names)), or a YAML file.")
    var contract: String?

    @Flag(help: "Print the template.")
    var template = false

    @Flag(help: "Print it with all that it takes over from what it extends, and without comments.")
    var whole = false

    mutating func validate() throws {
      guard template != (contract != nil) else { throw ValidationError("Give the contract's NAME or FILE, or --template.") }
      guard !template || !whole else { throw ValidationError("--whole belongs to a contract, not to the template.") }
    }

    mutating func run() throws {
      try answer(try contract.map { try ContractListing.source(of: $0, whole: whole) } ?? BuiltInContracts.template)
    }
  }
}
