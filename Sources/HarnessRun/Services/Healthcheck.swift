import Events
import HarnessCore
import WireFormats

/// A URL asked once.
package enum Healthcheck {
  /// What a good answer is told as: it stands in the engine's record of health checks.
  /// - Parameter timeout: seconds that the answer may take.
  /// - Throws: a `Problem` where the answer is not good, or not known to be.
  package static func ask(_ url: String, timeout: Double) async throws -> String {
    let target = try TargetURL(url)
    let outcome = await withFetcher { await HealthCheck.ask(target, timeout: timeout, fetcher: $0) }
    switch outcome {
    case .healthy(let status, let word, _): return "\(target): \(status)\(word.map { " \(escapeUntrusted($0))" } ?? "")\n"
    case .unhealthy(let status, let excerpt): throw Problem(.negative, "\(target): status \(status) \(excerpt.prefix(200))")
    case .unclear(let status, _, _):
      throw Problem(.negative, "\(target): status \(status), and not known to be good: \(outcome.doubt ?? "")")
    case .unreachable(let reason), .unasked(let reason): throw Problem(.negative, "\(target): \(reason)")
    }
  }
}
