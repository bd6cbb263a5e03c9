import HarnessCore
import ProcessGuard

/// Does some work with a guard over its children: none of them outlives this call, however the work ends.
/// - Parameters:
///   - grace: how long children have after TERM until they are killed, in seconds.
///   - isolation: the work is done where the caller is.
///   - work: what is done; the guard is of no use after it.
package func withProcessGuard<Value, Failure: Error>(
  grace: Double = 5, isolation: isolated (any Actor)? = #isolation, _ work: (ProcessGuard) async throws(Failure) -> Value
) async throws(Failure) -> Value {
  let processGuard = ProcessGuard()
  let value: Value
  do throws(Failure) { value = try await work(processGuard) } catch {
    await processGuard.shutdown(grace: grace)
    throw error
  }
  await processGuard.shutdown(grace: grace)
  return value
}

/// Does some work that asks over HTTP: no connection is left after it, however it ends.
package func withFetcher<Value, Failure: Error>(
  isolation: isolated (any Actor)? = #isolation, _ work: (HTTPFetcher) async throws(Failure) -> Value
) async throws(Failure) -> Value {
  let fetcher = HTTPFetcher(userAgent: Version.userAgent)
  let value: Value
  do throws(Failure) { value = try await work(fetcher) } catch {
    await fetcher.shutdown()
    throw error
  }
  await fetcher.shutdown()
  return value
}
