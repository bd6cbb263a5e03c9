import HarnessCore
import ProcessGuard

/// Does some work with a guard over its children: none of them outlives this call, however the work ends.
/// - Parameters:
///   - grace: how long children have after TERM until they are killed, in seconds.
///   - work: what is done; the guard is of no use after it.
package func withProcessGuard<Value>(grace: Double = 5, _ work: (ProcessGuard) async throws -> Value) async throws -> Value {
  let processGuard = ProcessGuard()
  let value: Value
  do { value = try await work(processGuard) } catch {
    await processGuard.shutdown(grace: grace)
    throw error
  }
  await processGuard.shutdown(grace: grace)
  return value
}

/// Does some work that asks over HTTP: no connection is left after it, however it ends.
package func withFetcher<Value>(_ work: (HTTPFetcher) async throws -> Value) async throws -> Value {
  let fetcher = HTTPFetcher(userAgent: Version.userAgent)
  let value: Value
  do { value = try await work(fetcher) } catch {
    await fetcher.shutdown()
    throw error
  }
  await fetcher.shutdown()
  return value
}
