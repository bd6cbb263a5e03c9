import ArgumentParser
import CommandText
import Contracts
import Events
import HarnessConfig
import HarnessRun
import WireFormats

/// What a contract promises beside what is really there.
struct ContractCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contract", abstract: "Compares a contract with what endpoints and logs really show, drafts one, or prints one.",
    subcommands: [Check.self, Init.self, Show.self])

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints per signal what is promised and what was found.",
      discussion: CommandExamples.after(
        """
        Verdicts: same, no sample yet, other name, other type, other encoding, other label, ambiguous, missing. \
        Exit status: 0 all as promised, 1 something is not, 3 an endpoint or file cannot be read.
        """, of: "contract check"))

    @Option(help: "The contract: auto, a built-in name (\(BuiltInContracts.names)) or a YAML file.")
    var contract = "auto"

    @Option(help: ArgumentHelp("Metrics to compare: http(s)://…, a file, or -.", valueName: "URL|FILE|-"))
    var metrics: String?

    @Option(help: "Read the metrics as this format, whatever they say of themselves.")
    var format: MetricsFormat?

    @Option(help: ArgumentHelp("A log of the worker to compare.", valueName: "FILE"))
    var logs: String?

    @Option(help: ArgumentHelp("Credentials for the endpoint, as in `dubwatch metrics`."))
    var credentials: String?

    @Option(help: "Seconds that the scrape may take, 0.1 to 600.")
    var timeout: Double = 10

    @Flag(help: "Print JSON.")
    var json = false

    mutating func validate() throws {
      // A contract alone can be read: what is wrong in it is said.
      guard metrics != nil || logs != nil || contract != "auto" else {
        throw ValidationError("Give --metrics URL|FILE, --logs FILE, or both; --contract NAME|FILE alone reads the contract.")
      }
      guard (0.1...600).contains(timeout) else { throw ValidationError("--timeout is \(timeout), but must be 0.1 to 600.") }
    }

    mutating func run() async throws {
      let sources = ContractSources(metrics: metrics, logs: logs, credentials: credentials, timeout: timeout, format: format?.exposition)
      guard metrics != nil || logs != nil else {
        guard StandardOutput.write(try ContractListing.reading(contract)) else { throw ExitCode(ExitStatus.no) }
        return
      }
      let (check, reason) = try await sources.check(contract)
      let text = json ? try ContractListing.json(check) : ContractListing.text(check, reason: reason)
      guard StandardOutput.write(text), check.isKept else { throw ExitCode(ExitStatus.no) }
    }
  }

  struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Drafts a contract from what an endpoint exposes and prints it as YAML.",
      discussion: CommandExamples.after(of: "contract init"))

    @Option(help: ArgumentHelp("Metrics to draft from: http(s)://…, a file, or -.", valueName: "URL|FILE|-"))
    var metrics: String

    @Option(help: "Read the metrics as this format, whatever they say of themselves.")
    var format: MetricsFormat?

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
      let sources = ContractSources(metrics: metrics, logs: nil, credentials: credentials, timeout: timeout, format: format?.exposition)
      let draft = try await sources.draft(name, of: ServiceName(service))
      guard StandardOutput.write(draft) else { throw ExitCode(ExitStatus.no) }
    }
  }
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints a contract, or a commented template for one's own.",
      discussion: CommandExamples.after(of: "contract show"))

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
      let text = try contract.map { try ContractListing.source(of: $0, whole: whole) } ?? BuiltInContracts.template
      guard StandardOutput.write(text) else { throw ExitCode(ExitStatus.no) }
    }
  }
}
