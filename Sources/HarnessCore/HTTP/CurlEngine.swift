import CCurl
import Synchronization

/// libcurl on a thread of its own, which sleeps while nothing happens. Connections are kept and used again.
final class CurlEngine: Sendable {
  /// How many connections stay open between requests.
  private static let keptConnections = 256
  /// How long the thread sleeps where nothing wakes it, in milliseconds: libcurl's own deadlines wake it earlier.
  private static let restMilliseconds: Int32 = 60_000

  private struct Orders {
    var starts: [CurlTransfer] = []
    var resumed: [CurlTransfer] = []
    var cancelled: [CurlTransfer] = []
    var isOver = false
    /// Whether the thread still looks at orders.
    var isRunning = false
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  private static let isUsable = dwc_start()
  private let orders = Mutex(Orders())
  /// Used on the thread alone; only `curl_multi_wakeup` is called elsewhere, which any thread may, under the lock and while it runs.
  private nonisolated(unsafe) let multi: UnsafeMutableRawPointer?

  init() {
    multi = Self.isUsable ? curl_multi_init() : nil
    guard let multi else { return }
    dwc_keep(multi, Self.keptConnections)
    orders.withLock { $0.isRunning = true }
    // Balanced at the end of the thread.
    let context = Unmanaged.passRetained(self)
    let isStarted = dwc_thread(
      { context in
        guard let context else { return }
        Unmanaged<CurlEngine>.fromOpaque(context).takeRetainedValue().run()
      }, context.toOpaque())
    guard !isStarted else { return }
    context.release()
    orders.withLock { $0.isRunning = false }
    curl_multi_cleanup(multi)
  }

  /// Begins a request; it ends as cancelled where the engine is over.
  func start(_ transfer: CurlTransfer) {
    let isTaken = order { $0.isOver ? nil : $0.starts.append(transfer) }
    if !isTaken { transfer.finish(.failure(.cancelled)) }
  }

  /// Goes on with a request whose reader has room again.
  func resume(_ transfer: CurlTransfer) { order { $0.resumed.append(transfer) } }

  /// Takes a request away; its reader knows already.
  func cancel(_ transfer: CurlTransfer) { order { $0.cancelled.append(transfer) } }

  /// Ends all requests and closes all connections; returns when the thread has ended.
  func stop() async {
    order { $0.isOver = true }
    await withCheckedContinuation { continuation in
      let isEnded = orders.withLock { orders in
        if orders.isRunning { orders.waiters.append(continuation) }
        return !orders.isRunning
      }
      if isEnded { continuation.resume() }
    }
  }

  /// Gives an order to the thread, and wakes it; false where nobody takes it.
  @discardableResult
  private func order(_ give: (inout Orders) -> Void?) -> Bool {
    orders.withLock { orders in
      guard orders.isRunning, let multi, give(&orders) != nil else { return false }
      curl_multi_wakeup(multi)
      return true
    }
  }

  private func run() {
    guard let multi else { return }
    var live: [UnsafeMutableRawPointer: CurlTransfer] = [:]
    while follow(multi, &live) {
      var running: Int32 = 0
      curl_multi_perform(multi, &running)
      var left: Int32 = 0
      while let message = curl_multi_info_read(multi, &left) {
        guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle, let transfer = live.removeValue(forKey: easy)
        else { continue }
        let code = message.pointee.data.result
        curl_multi_remove_handle(multi, easy)
        transfer.end(code)
      }
      curl_multi_poll(multi, nil, 0, Self.restMilliseconds, nil)
    }
    for (easy, transfer) in live {
      curl_multi_remove_handle(multi, easy)
      transfer.finish(.failure(.cancelled))
    }
    live.removeAll()
    let (starts, waiters) = orders.withLock { orders in
      orders.isRunning = false
      defer { (orders.starts, orders.waiters) = ([], []) }
      return (orders.starts, orders.waiters)
    }
    for transfer in starts { transfer.finish(.failure(.cancelled)) }
    curl_multi_cleanup(multi)
    for waiter in waiters { waiter.resume() }
  }

  /// Does what was ordered; false when all is over.
  private func follow(_ multi: UnsafeMutableRawPointer, _ live: inout [UnsafeMutableRawPointer: CurlTransfer]) -> Bool {
    let taken = orders.withLock { orders in
      defer { (orders.starts, orders.resumed, orders.cancelled) = ([], [], []) }
      return orders
    }
    for transfer in taken.starts {
      guard curl_multi_add_handle(multi, transfer.easy) == CURLM_OK else {
        transfer.finish(.failure(.ownShortage("dubwatch could not begin a request")))
        continue
      }
      live[transfer.easy] = transfer
    }
    for transfer in taken.resumed where live[transfer.easy] != nil { curl_easy_pause(transfer.easy, CURLPAUSE_CONT) }
    for transfer in taken.cancelled where live.removeValue(forKey: transfer.easy) != nil { curl_multi_remove_handle(multi, transfer.easy) }
    return !taken.isOver
  }
}
