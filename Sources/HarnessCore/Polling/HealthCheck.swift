import Contracts
import Events

/// One health check, judged as the poller judges it.
package enum HealthCheck {
  /// How much of a body is read, in bytes: a media server's list of paths is one, too.
  static let bodyLimit = 1024 * 1024

  /// Asks once; never throws: what cannot be reached is an outcome too.
  /// - Parameters:
  ///   - credentials: what proves who asks; nil for what the URL carries, or nothing.
  ///   - timeout: how long the answer may take, in real seconds.
  ///   - words: which words of an answer are good.
  ///   - service: who is asked, where a contract has words of its own for it.
  package static func ask(
    _ target: TargetURL, credentials: Credentials? = nil, timeout: Double, words: HealthWords = .standard, service: ServiceName? = nil,
    fetcher: HTTPFetcher
  ) async -> HealthOutcome {
    do throws(FetchFailure) {
      let request = FetchRequest(target, credentials: credentials, timeoutSeconds: timeout, bodyLimit: bodyLimit)
      return HealthJudgement(words: words, service: service).judge(try await fetcher.get(request))
    } catch {
      return outcome(of: error)
    }
  }

  /// What a failure to ask says: of the service, or of us.
  static func outcome(of failure: FetchFailure) -> HealthOutcome {
    if case .ownShortage(let reason) = failure { return .unasked(reason: reason) }
    return .unreachable(reason: failure.description)
  }
}
