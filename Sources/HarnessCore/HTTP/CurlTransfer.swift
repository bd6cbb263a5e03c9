import CCurl
import DequeModule
import Synchronization

/// The head of an answer.
struct HTTPHead: Sendable {
  /// The status code.
  var status: Int
  /// Names in lower case and values, as they came.
  var fields: [(name: String, value: String)] = []

  /// The first value of a field, by its name in lower case.
  func first(_ name: String) -> String? { fields.first { $0.name == name }?.value }
}

/// One request: filled on the engine's thread, read by one task. What nobody reads makes the connection wait.
final class CurlTransfer: Sendable {
  /// How much may lie unread, in bytes, before the connection waits.
  private static let unreadLimit = 1 << 20
  /// How long all heads together may be, in bytes.
  private static let headLimit = 256 << 10
  /// How many heads may come before the one of the answer (100 Continue, 103 Early Hints).
  private static let interimLimit = 16

  private struct Shared {
    var arriving: HTTPHead?
    var head: HTTPHead?
    var headBytes = 0
    var interims = 0
    /// What is wrong with the heads, where that ended the request.
    var complaint: FetchFailure?
    var chunks: Deque<[UInt8]> = []
    var unread = 0
    var isPaused = false
    var end: Result<Void, FetchFailure>?
    var waiter: CheckedContinuation<Void, Never>?

    /// Who waits, to be woken when the lock is open again.
    mutating func takeWaiter() -> CheckedContinuation<Void, Never>? {
      defer { waiter = nil }
      return waiter
    }
  }

  // Invariant of the three: touched by the initialiser alone, then on the engine's thread alone, which holds this object for as long as
  // libcurl knows the handle, and by the deinitialiser, when nobody else can hold them. None is handed out to anybody else.
  nonisolated(unsafe) let easy: UnsafeMutableRawPointer
  private nonisolated(unsafe) let request: UnsafeMutablePointer<dwc_request>
  private nonisolated(unsafe) let headers: UnsafeMutablePointer<curl_slist>?
  private let engine: CurlEngine
  private let shared = Mutex(Shared())

  /// A request that is still to be started.
  /// - Parameter headers: whole lines.
  init(_ url: String, headers lines: [String], connectSeconds: Double, on engine: CurlEngine) throws(FetchFailure) {
    guard let easy = curl_easy_init() else { throw .ownShortage("dubwatch could not begin a request") }
    self.easy = easy
    self.engine = engine
    request = .allocate(capacity: 1)
    request.initialize(to: dwc_request())
    var list: UnsafeMutablePointer<curl_slist>?
    for line in lines { list = curl_slist_append(list, line) ?? list }
    headers = list
    request.pointee.owner = Unmanaged.passUnretained(self).toOpaque()
    request.pointee.head = { bytes, count, owner in
      owner.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue().takeHead(bytes, count) } ?? 0
    }
    request.pointee.body = { bytes, count, owner in
      owner.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue().takeBody(bytes, count) } ?? 0
    }
    let code = dwc_prepare(easy, url, headers, Int(connectSeconds * 1000), request)
    guard code == CURLE_OK else { throw .other("no request can be made of this URL") }
  }

  deinit {
    curl_easy_cleanup(easy)
    curl_slist_free_all(headers)
    request.deallocate()
  }

  // MARK: By the reader

  /// The head of the answer.
  func head() async throws(FetchFailure) -> HTTPHead {
    while true {
      let (head, end) = shared.withLock { ($0.head, $0.end) }
      if let head { return head }
      switch end {
      case .success?: throw .other("connection closed before the answer was complete")
      case .failure(let failure)?: throw failure
      case nil: await wait { $0.head != nil }
      }
    }
  }

  /// The next piece of the body; nil at its end.
  func next() async throws(FetchFailure) -> [UInt8]? {
    while true {
      let (chunk, end, isResumed) = shared.withLock { shared -> ([UInt8]?, Result<Void, FetchFailure>?, Bool) in
        guard let chunk = shared.chunks.popFirst() else { return (nil, shared.end, false) }
        shared.unread -= chunk.count
        let isResumed = shared.isPaused && shared.unread <= Self.unreadLimit / 2
        if isResumed { shared.isPaused = false }
        return (chunk, nil, isResumed)
      }
      if isResumed { engine.resume(self) }
      if let chunk { return chunk }
      switch end {
      case .success?: return nil
      case .failure(let failure)?: throw failure
      case nil: await wait { !$0.chunks.isEmpty }
      }
    }
  }

  /// Ends it, whatever has come; harmless when it has ended.
  func cancel() {
    guard finish(.failure(.cancelled)) else { return }
    engine.cancel(self)
  }

  private func wait(until hasCome: @Sendable (Shared) -> Bool) async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isReady = shared.withLock { shared in
          let isReady = shared.end != nil || hasCome(shared)
          if !isReady { shared.waiter = continuation }
          return isReady
        }
        if isReady { continuation.resume() }
      }
    } onCancel: {
      cancel()
    }
  }

  // MARK: On the engine's thread

  /// libcurl is done with it.
  func end(_ code: CURLcode) {
    let failure = shared.withLock { $0.complaint }
    if let failure {
      finish(.failure(failure))
    } else if code == CURLE_OK {
      finish(.success(()))
    } else {
      let words = withUnsafePointer(to: &request.pointee.words) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(CURL_ERROR_SIZE)) { String(cString: $0) }
      }
      let isConnecting = code == CURLE_COULDNT_CONNECT
      let number = isConnecting && request.pointee.socket_errno != 0 ? request.pointee.socket_errno : dwc_errno(easy)
      finish(.failure(FetchFailure(code, errno: number, words: words)))
    }
  }

  /// Sets how it ended, once; whether this did.
  @discardableResult
  func finish(_ end: Result<Void, FetchFailure>) -> Bool {
    let (isFirst, waiter) = shared.withLock { shared in
      guard shared.end == nil else { return (false, CheckedContinuation<Void, Never>?.none) }
      shared.end = end
      if case .failure(.cancelled) = end { shared.chunks.removeAll() }
      return (true, shared.takeWaiter())
    }
    waiter?.resume()
    return isFirst
  }

  private func takeHead(_ bytes: UnsafePointer<CChar>?, _ count: Int) -> Int {
    let line = bytes.map { UnsafeRawBufferPointer(start: $0, count: count) }.map { String(decoding: $0, as: UTF8.self) } ?? ""
    let (taken, waiter) = shared.withLock { shared -> (Int, CheckedContinuation<Void, Never>?) in
      guard shared.end == nil else { return (0, nil) }
      shared.headBytes += count
      if shared.headBytes > Self.headLimit { shared.complaint = .other("response headers too large") }
      // What comes behind the body's chunks is no head, but libcurl keeps it: it counts.
      guard shared.head == nil else { return (shared.complaint == nil ? count : 0, nil) }
      if line.hasPrefix("HTTP/") {
        shared.arriving = line.split(separator: " ").dropFirst().first.flatMap { Int($0.prefix(3)) }.map { HTTPHead(status: $0) }
      } else if let colon = line.firstIndex(of: ":") {
        let value = line[line.index(after: colon)...].trimming { $0 == " " || $0 == "\t" || $0.isNewline }
        shared.arriving?.fields.append((line[..<colon].lowercased(), String(value)))
      } else if line.allSatisfy(\.isNewline), let head = shared.arriving {
        if head.status >= 200 {
          shared.head = head
          return (count, shared.takeWaiter())
        }
        shared.arriving = nil
        shared.interims += 1
        if shared.interims > Self.interimLimit { shared.complaint = .other("not a usable HTTP answer (heads without end)") }
      }
      return (shared.complaint == nil ? count : 0, nil)
    }
    waiter?.resume()
    return taken
  }

  private func takeBody(_ bytes: UnsafePointer<CChar>?, _ count: Int) -> Int {
    let (taken, waiter) = shared.withLock { shared -> (Int, CheckedContinuation<Void, Never>?) in
      guard shared.end == nil else { return (count == 0 ? 1 : 0, nil) }
      if shared.unread > Self.unreadLimit {
        shared.isPaused = true
        return (dwc_pause, nil)
      }
      shared.chunks.append(Array(UnsafeRawBufferPointer(start: bytes, count: count)))
      shared.unread += count
      return (count, shared.takeWaiter())
    }
    waiter?.resume()
    return taken
  }
}

extension Substring {
  fileprivate func trimming(_ isTrimmed: (Character) -> Bool) -> Substring {
    var text = self.drop(while: isTrimmed)
    while let last = text.last, isTrimmed(last) { text.removeLast() }
    return text
  }
}
