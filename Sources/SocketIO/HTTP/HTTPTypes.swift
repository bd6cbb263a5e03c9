import WireFormats

/// A complete HTTP request.
package struct HTTPRequest: Sendable, Hashable {
  /// The method in capitals, `GET`.
  package var method: String
  /// The path without the query, as sent (not percent-decoded).
  package var path: String
  /// The query's parameters, percent-decoded, in order.
  package var query: [HTTPField]
  /// The header fields, in order.
  package var headers: [HTTPField]
  /// The body, at most the configured limit.
  package var body: [UInt8]

  /// A request from its parts.
  package init(method: String, path: String, query: [HTTPField] = [], headers: [HTTPField] = [], body: [UInt8] = []) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
  }
}

/// A name and a value: a header field or a query parameter.
package struct HTTPField: Sendable, Hashable {
  /// The name as sent.
  package var name: String
  /// The value.
  package var value: String

  /// A field from its parts.
  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// A complete HTTP response. `Content-Length` and `Connection` are added when it is sent; the body of an answer to HEAD is left out then.
package struct HTTPResponse: Sendable, Hashable {
  /// The status code, 200.
  package var status: Int
  /// The header fields, in order.
  package var headers: [HTTPField]
  /// The body.
  package var body: [UInt8]

  /// A response from its parts.
  package init(status: Int, headers: [HTTPField] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// A plain text response.
  package static func text(_ text: String, status: Int = 200, contentType: String = "text/plain; charset=utf-8") -> HTTPResponse {
    HTTPResponse(status: status, headers: [HTTPField("Content-Type", contentType)], body: Array(text.utf8))
  }

  /// A JSON response.
  package static func json(_ value: JSONValue, status: Int = 200) -> HTTPResponse {
    HTTPResponse(status: status, headers: [HTTPField("Content-Type", "application/json")], body: value.serialized())
  }
}

/// Answers a request. It is cancelled when the client goes away or the service stops.
package typealias HTTPHandler = @Sendable (HTTPRequest) async -> HTTPResponse
