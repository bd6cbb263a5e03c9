import Contracts
import Events

/// One health check, judged as the poller judges it.
package enum HealthCheck {
  /// Asks once; never throws: what cannot be reached is an outcome too.
  /// - Parameters:
  ///   - timeout: how long the answer may take, in real seconds.
  ///   - words: which words of an answer are good.
  ///   - service: who is asked, where a contract has words of its own for it.
  package static func ask(
    _ target: TargetURL, timeout: Double, words: HealthWords = .standard, service: ServiceName? = nil, fetcher: HTTPFetcher
  ) async -> HealthOutcome {
    do throws(FetchFailure) {
      return HealthJudgement(words: words, service: service).judge(try await fetcher.get(FetchRequest(target, timeoutSeconds: timeout)))
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
