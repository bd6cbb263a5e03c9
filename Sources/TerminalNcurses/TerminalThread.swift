import CNcurses
import Synchronization

/// One thread that runs an actor's jobs and waits for the terminal meanwhile. ncurses has global state, and `@MainActor` is no fixed thread
/// on Linux, so the terminal has a thread of its own. At rest it sleeps in poll(2) without a time limit.
final class TerminalThread: SerialExecutor {
  /// What the thread waits for besides jobs.
  struct Watch: Sendable {
    /// Called on the thread after each wait, with `DW_READY_*` bits.
    var body: @Sendable (Int32) -> Void
    /// The terminal; -1 for none.
    var terminal: Int32
    /// Whether to wait until it can be written as well.
    var wantsOutput = false
    /// When to call in any case, in ``dw_now()``'s nanoseconds.
    var deadline: UInt64?
  }

  private struct State {
    var jobs: [UnownedJob] = []
    var watch: Watch?
    var ending: (@Sendable () -> Void)?
  }

  /// Wakes the thread; may be written from signal handlers.
  let wakeWriter: Int32
  /// Becomes readable when the thread is woken.
  let waker: Int32
  private let state = Mutex(State())
  private let identity = Atomic<UInt64>(0)

  init() throws {
    var writer: Int32 = -1
    waker = dw_waker_make(&writer)
    wakeWriter = writer
    guard waker >= 0 else { throw TerminalError.refused("there are no file descriptors left") }
    // Balanced at the end of the thread.
    let context = Unmanaged.passRetained(self)
    let started = dw_thread_start(
      { context in
        guard let context else { return }
        Unmanaged<TerminalThread>.fromOpaque(context).takeRetainedValue().run()
      }, context.toOpaque())
    guard started else {
      context.release()
      throw TerminalError.refused("there are no threads left")
    }
  }

  deinit {
    dw_close(waker)
    if wakeWriter != waker { dw_close(wakeWriter) }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    state.withLock { $0.jobs.append(job) }
    dw_wake(wakeWriter)
  }

  func checkIsolated() {
    precondition(identity.load(ordering: .relaxed) == dw_thread_identity(), "Not on the terminal's thread.")
  }

  /// Sets what to wait for; takes effect before the next wait.
  func watch(_ watch: Watch?) {
    state.withLock { $0.watch = watch }
    dw_wake(wakeWriter)
  }

  /// Ends the thread after the jobs that are queued; `last` runs on it then.
  func end(_ last: @escaping @Sendable () -> Void) {
    state.withLock { $0.ending = last }
    dw_wake(wakeWriter)
  }

  private func run() {
    identity.store(dw_thread_identity(), ordering: .relaxed)
    while true {
      let jobs = state.withLock { state in
        defer { state.jobs.removeAll(keepingCapacity: true) }
        return state.jobs
      }
      for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
      let (watch, moreJobs, ending) = state.withLock { ($0.watch, !$0.jobs.isEmpty, $0.ending) }
      if let ending, !moreJobs {
        ending()
        return
      }
      let ready = dw_wait(
        waker, watch?.terminal ?? -1, watch?.wantsOutput ?? false, moreJobs ? 0 : Self.milliseconds(until: watch?.deadline))
      watch?.body(ready)
    }
  }

  /// Rounded up, so that the deadline has passed after the wait.
  private static func milliseconds(until deadline: UInt64?) -> Int32 {
    guard let deadline else { return -1 }
    let now = dw_now()
    return now >= deadline ? 0 : Int32(clamping: (deadline - now) / 1_000_000 + 1)
  }
}
