import NIOCore
import NIOHTTP1
import WireFormats

/// A request as it came off the wire, its body still in one buffer.
struct RawRequest {
  var head: HTTPRequestHead
  var path: String
  var query: [HTTPField]
  var body: ByteBuffer

  init(head: HTTPRequestHead, body: ByteBuffer = ByteBuffer()) {
    self.head = head
    self.body = body
    (path, query) = Self.target(head.uri)
  }

  /// The first header field of that name.
  func field(_ name: String) -> String? { head.headers.first(name: name) }

  func query(_ name: String) -> String? { query.first { $0.name == name }?.value }

  var isWebSocketUpgrade: Bool {
    head.headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
      && head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
  }

  var publicRequest: HTTPRequest {
    HTTPRequest(
      method: head.method.rawValue, path: path, query: query, headers: head.headers.map { HTTPField($0.name, $0.value) },
      body: Array(body.readableBytesView))
  }

  /// Splits a request target into its path and its decoded parameters. An absolute target (`http://host/path`) is reduced to its path.
  static func target(_ uri: String) -> (path: String, query: [HTTPField]) {
    var bytes = Array(uri.utf8)[...]
    if bytes.first != UInt8(ascii: "/"), let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: "://".utf8) {
      let rest = bytes[(colon + 3)...]
      bytes = rest.firstIndex(of: UInt8(ascii: "/")).map { rest[$0...] } ?? [UInt8(ascii: "/")][...]
    }
    let end = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
    let path = String(decoding: bytes[..<end], as: UTF8.self)
    guard end < bytes.endIndex else { return (path, []) }
    let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: "&")).map { pair in
      let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
      return HTTPField(decode(pair[..<equals]), equals < pair.endIndex ? decode(pair[(equals + 1)...]) : "")
    }
    return (path, fields)
  }

  private static func decode(_ bytes: ArraySlice<UInt8>) -> String {
    var out: [UInt8] = []
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      if byte == UInt8(ascii: "%"), index + 2 < bytes.endIndex, let high = Hexadecimal.digit(bytes[index + 1]),
        let low = Hexadecimal.digit(bytes[index + 2])
      {
        out.append(UInt8(high * 16 + low))
        index += 3
      } else {
        out.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
        index += 1
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}

/// An answer with its body still in one buffer.
struct RawResponse {
  var status: HTTPResponseStatus
  var headers: HTTPHeaders
  var body: ByteBuffer

  init(status: HTTPResponseStatus, headers: HTTPHeaders = [:], body: ByteBuffer = ByteBuffer()) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  init(text: String, status: HTTPResponseStatus) {
    self.init(status: status, headers: ["Content-Type": "text/plain; charset=utf-8"], body: ByteBuffer(string: text + "\n"))
  }

  /// A field with a line break or a name that is no token is left out: it would let a value forge further fields.
  init(_ response: HTTPResponse) {
    var headers = HTTPHeaders()
    for field in response.headers where Self.isSafe(field) { headers.add(name: field.name, value: field.value) }
    self.init(status: HTTPResponseStatus(statusCode: response.status), headers: headers, body: ByteBuffer(bytes: response.body))
  }

  private static func isSafe(_ field: HTTPField) -> Bool {
    !field.name.isEmpty && field.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
      && field.value.utf8.allSatisfy { ($0 >= 0x20 || $0 == 0x09) && $0 != 0x7F }
  }
}

/// One request that waits for its answer. Confined to the connection's event loop.
final class HTTPExchange {
  private var onComplete: ((RawResponse) -> Void)?
  /// Called once, when the exchange is over; true when the client left before the answer.
  var onEnd: ((_ isAborted: Bool) -> Void)?

  init(onComplete: @escaping (RawResponse) -> Void) { self.onComplete = onComplete }

  /// Sends the answer; later calls do nothing.
  func complete(_ response: RawResponse) { end(response) }

  /// The client is gone.
  func abort() { end(nil) }

  private func end(_ response: RawResponse?) {
    guard let onComplete else { return }
    self.onComplete = nil
    let onEnd = onEnd
    self.onEnd = nil
    onEnd?(response == nil)
    if let response { onComplete(response) }
  }
}

/// What answers the requests of an HTTP service. Confined to the service's event loop.
protocol HTTPRouter: AnyObject {
  /// Bytes of a body that the path takes.
  func bodyLimit(path: String) -> Int
  /// Another part of the request's body has come.
  func progress(_ request: RawRequest)
  func respond(to request: RawRequest, exchange: HTTPExchange)
  /// A request to become a WebSocket: what to do with the link, or the refusal.
  func upgrade(_ request: RawRequest) -> WebSocketUpgrade
}

extension HTTPRouter {
  func progress(_ request: RawRequest) {}
}

enum WebSocketUpgrade {
  case refuse(RawResponse)
  case accept(maxMessage: Int, (WebSocketLink) -> Void)
}
