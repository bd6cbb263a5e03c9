import Contracts
import Events
import HarnessConfig
import HarnessCore
import WireFormats

extension WatchOptions {
  /// Adds what a configuration file names to a plan.
  func add(_ file: WatchConfiguration, to plan: inout WatchPlan) throws(Problem) {
    for endpoint in file.health {
      plan.endpoints.health.append(try target(endpoint, plan, file.intervals.health, file.timeouts.health))
    }
    for endpoint in file.metrics {
      plan.endpoints.metrics.append(try target(endpoint, plan, file.intervals.metrics, file.timeouts.metrics))
    }
    for endpoint in file.mediaServers {
      plan.endpoints.mediaServers.append(try target(endpoint, plan, file.intervals.mediaServer, file.timeouts.mediaServer))
    }
    plan.endpoints.logFiles += file.logs.map { LogFileTarget(service: $0.service, path: $0.source) }
    for stream in file.streams {
      do { try plan.addStream(named: stream.service, stream.source, probesContent: !noContent) } catch {
        throw Problem(error, otherwise: .document).at("\(config ?? ""): streams: \(stream.service)")
      }
    }
    plan.endpoints.logCommands += file.logCommands.map { LogCommandTarget(service: $0.service, command: $0.source) }
  }

  private func target(
    _ endpoint: WatchConfiguration.Endpoint, _ plan: WatchPlan, _ every: Double?, _ limit: Double?
  ) throws(Problem) -> PollTarget {
    do {
      let named = plan.credentials[endpoint.service] ?? plan.credentials["*"]
      return PollTarget(
        service: endpoint.service, target: try TargetURL(endpoint.url), credentials: try endpoint.credential.map(credentials) ?? named,
        interval: interval ?? every ?? plan.interval, timeout: timeout ?? limit ?? plan.timeout)
    } catch {
      throw Problem(error, otherwise: .document).at("\(config ?? ""): \(endpoint.service)")
    }
  }

  private func credentials(_ credential: WatchConfiguration.Credential) throws -> Credentials {
    let source: CredentialSource =
      switch credential {
      case .bearer(.environment(let name)): .bearerVariable(name)
      case .bearer(.file(let path)): .bearerFile(path)
      case .basic(let user, .environment(let name)): .basicPasswordVariable(user: user, name)
      case .basic(let user, .file(let path)): .basicPasswordFile(user: user, path)
      }
    let (credentials, warning) = try source.resolve(environment: Host.environment)
    if let warning { StandardError.write("dubwatch: \(warning)\n") }
    return credentials
  }
}
