@preconcurrency import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// HUP, INT and TERM for what runs without a terminal backend.
enum Signals {
  /// The signals that ask the program to end, as they come.
  ///
  /// A process that was started with one of them ignored (`nohup`) keeps ignoring it.
  static func terminations() -> AsyncStream<Int32> {
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

  /// Runs some work until it is done or a signal comes.
  /// - Returns: the signal's exit status (128 and its number), or nil when the work was done.
  static func run(_ work: @escaping @Sendable () async -> Void) async -> Int32? {
    let terminations = terminations()
    return await withTaskGroup(of: Int32?.self) { group in
      group.addTask {
        await work()
        return nil
      }
      group.addTask {
        for await number in terminations { return 128 + number }
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
  }
}
