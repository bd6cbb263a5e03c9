@preconcurrency import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// HUP, INT and TERM for what runs without a terminal backend.
package enum Signals {
  /// The signals that ask the program to end, as they come.
  ///
  /// A process that was started with one of them ignored (`nohup`) keeps ignoring it.
  package static func terminations() -> AsyncStream<Int32> {
    AsyncStream { continuation in
      let sources = [SIGHUP, SIGINT, SIGTERM].compactMap { number -> (any DispatchSourceSignal)? in
        var action = sigaction()
        sigaction(number, nil, &action)
        if isIgnored(action) { return nil }
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler { continuation.yield(number) }
        source.resume()
        return source
      }
      continuation.onTermination = { _ in for source in sources { source.cancel() } }
    }
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    #if canImport(Glibc)
      unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    #else
      unsafeBitCast(action.__sigaction_u.__sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    #endif
  }

  /// Runs some work until it is done; a signal cancels it.
  /// - Returns: what it came to, also when it was cancelled, and the signal's exit status (128 and its number); nil when none came.
  package static func run<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) async -> (value: Value, status: Int32?) {
    let terminations = terminations()
    let working = Task { await work() }
    let watching = Task { () -> Int32? in
      for await number in terminations {
        working.cancel()
        return 128 + number
      }
      return nil
    }
    let value = await withTaskCancellationHandler {
      await working.value
    } onCancel: {
      working.cancel()
    }
    watching.cancel()
    return (value, await watching.value)
  }

  /// The same for work that may fail.
  /// - Returns: the value and the signal's exit status.
  /// - Throws: the error that the work ended with, unless a signal came first.
  package static func run<Value: Sendable>(
    _ work: @escaping @Sendable () async throws -> Value
  ) async -> (value: Result<Value, any Error>, status: Int32?) {
    await run { () -> Result<Value, any Error> in
      do { return .success(try await work()) } catch { return .failure(error) }
    }
  }
}
