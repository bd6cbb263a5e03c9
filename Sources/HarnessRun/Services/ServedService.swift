import EmbeddedPipeline
import WireFormats

/// One service of the embedded pipeline, run alone until it ends by itself or a signal comes.
package struct ServedService: Sendable {
  /// Its name, as it is said.
  let name: String
  let start: @Sendable () async throws -> Int
  let wait: @Sendable () async -> ServiceExit?
  let stop: @Sendable () async -> Void

  /// - Parameters:
  ///   - start: starts it and gives the port that it listens on.
  ///   - wait: waits for its end; nil where the wait itself was ended.
  ///   - stop: ends it, also where its start failed.
  package init(
    _ name: String, start: @escaping @Sendable () async throws -> Int, wait: @escaping @Sendable () async -> ServiceExit?,
    stop: @escaping @Sendable () async -> Void
  ) {
    self.name = name
    self.start = start
    self.wait = wait
    self.stop = stop
  }

  /// Runs it.
  /// - Returns: the exit status: the service's own, or that of the signal.
  package func run() async throws -> Int32 {
    do {
      let port = try await start()
      StandardError.write("dubwatch: \(name) listens on port \(port)\n")
    } catch {
      await stop()
      // A service that says what is wrong names itself.
      throw (error as? any ProblemCarrier)?.problem ?? Problem(.environment, "\(name) could not be started: \(error)")
    }
    let (end, signal) = await Signals.run { await wait() }
    await stop()
    if let signal { return signal }
    guard let end, end.status != 0 else { return ExitStatus.good }
    StandardError.write("dubwatch: \(name) ended: \(end.reason)\n")
    return end.status
  }
}
