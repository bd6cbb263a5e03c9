import Events

/// One health check, judged as the poller judges it.
package enum HealthCheck {
  /// Asks once; never throws: what cannot be reached is an outcome too.
  /// - Parameter timeout: how long the answer may take, in real seconds.
  package static func ask(_ target: TargetURL, timeout: Double, fetcher: HTTPFetcher) async -> HealthOutcome {
    do throws(FetchFailure) {
      return HealthJudgement.judge(try await fetcher.get(FetchRequest(target, timeoutSeconds: timeout)))
    } catch {
      return .unreachable(reason: error.description)
    }
  }
}
