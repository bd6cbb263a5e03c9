import Events
import NIOCore
import NIOPosix
import SocketIO
import SpeechProtocol
import WireFormats

/// Where a service is reached.
package struct ServiceAddress: Hashable, Sendable {
  /// A host name or an address, without brackets.
  package var host: String
  /// Its TCP port.
  package var port: Int

  /// Where a service is reached.
  package init(host: String = "127.0.0.1", port: Int) {
    self.host = host
    self.port = port
  }

  /// Where a service is asked for its health or its metrics, which is where it takes control calls too; nil when it is not known.
  package init?(of service: ServiceName, in endpoints: EnvironmentEndpoints) {
    let targets = endpoints.plans(of: HealthPlan.self).map(\.target) + endpoints.plans(of: MetricsPlan.self).map(\.target)
    guard let found = targets.lazy.filter({ $0.service == service }).compactMap(\.target.endpoint).first else { return nil }
    self.init(host: found.host, port: found.port)
  }
}

/// Why a control call failed, in one sentence: it is not known whether the service did what it was asked for.
struct ControlError: Error, CustomStringConvertible {
  let description: String
}

/// Speaks to a stand-in from outside, as a harness does: `POST /control`, or events over a Socket.IO connection of its own.
package enum ControlCall {
  /// Real time a call may take.
  static let limit = Duration.seconds(5)
  private static let answerLimit = 1 << 20

  /// Sends a request to `/control` and returns the answer's JSON; throws a `FaultRefusal` for an answer that is not 2xx, and
  /// where nobody listens.
  package static func http(_ method: String, at address: ServiceAddress, body: JSONValue?) async throws -> JSONValue {
    let payload = body?.serialized() ?? []
    let head =
      "\(method) /control HTTP/1.1\r\nHost: \(authority(address))\r\nContent-Type: application/json\r\n"
      + "Content-Length: \(payload.count)\r\nConnection: close\r\n\r\n"
    let answer = try await limited { try await exchange(address, bytes: Array(head.utf8) + payload) }
    return try parse(answer)
  }

  /// Emits an event on a connection of its own and waits for the answering event.
  static func event(_ name: String, _ payload: some Encodable & Sendable, answer: String, at address: ServiceAddress) async throws
    -> JSONValue
  {
    let json = try JSONValue(encoding: payload)
    return try await limited {
      var settings = SocketIOClientConfiguration()
      settings.transports = [.websocket]
      settings.connectTimeout = limit
      let client = SocketIOClient(url: "http://\(authority(address))", configuration: settings)
      do { try await client.connect() } catch { throw FaultRefusal("\(error)") }
      do {
        try await client.emit(name, [json])
        for await event in client.events {
          switch event {
          case .event(answer, let args, _):
            await client.disconnect()
            return args.first ?? .null
          case .event(STSEventName.error, let args, _):
            throw FaultRefusal("the speech service says: \(args.first?["message"]?.stringValue ?? "error")")
          case .disconnected(let reason): throw ControlError(description: "the control connection was closed: \(reason)")
          case .connected, .event: break
          }
        }
        throw ControlError(description: "the control connection was closed")
      } catch {
        await client.disconnect()
        throw error
      }
    }
  }

  private static func limited<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
      group.addTask(operation: work)
      group.addTask {
        try await Task.sleep(for: limit)
        throw ControlError(description: "the service did not answer in time")
      }
      defer { group.cancelAll() }
      guard let first = try await group.next() else { throw ControlError(description: "cancelled") }
      return first
    }
  }

  private static func authority(_ address: ServiceAddress) -> String {
    (address.host.contains(":") ? "[\(address.host)]" : address.host) + ":\(address.port)"
  }

  private static func exchange(_ address: ServiceAddress, bytes: [UInt8]) async throws -> [UInt8] {
    let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
    do {
      channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .connectTimeout(.seconds(5))
        .connect(host: address.host, port: address.port) { channel in
          channel.eventLoop.makeCompletedFuture {
            try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
          }
        }
    } catch { throw FaultRefusal("\(error)") }
    return try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(bytes: bytes))
      var answer: [UInt8] = []
      for try await part in inbound {
        answer += Array(part.readableBytesView)
        if answer.count > answerLimit { throw ControlError(description: "the answer of /control is too long") }
        if isComplete(answer) { break }
      }
      return answer
    }
  }

  /// Whether the head is there and the body has its announced length.
  private static func isComplete(_ answer: [UInt8]) -> Bool {
    guard let (head, body) = split(answer) else { return false }
    for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
      guard let length = Int(line.dropFirst(15).filter { $0 != " " }) else { return false }
      return body.count >= length
    }
    return false
  }

  private static func split(_ answer: [UInt8]) -> (head: String, body: ArraySlice<UInt8>)? {
    let mark = Array("\r\n\r\n".utf8)
    guard answer.count >= 4, let start = (0...(answer.count - 4)).first(where: { Array(answer[$0..<($0 + 4)]) == mark }) else { return nil }
    return (String(decoding: answer[..<start], as: UTF8.self), answer[(start + 4)...])
  }

  private static func parse(_ answer: [UInt8]) throws -> JSONValue {
    guard let (head, body) = split(answer), let status = head.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
      throw ControlError(description: "/control gave no answer")
    }
    let json = (try? JSONValue.parse(Array(body))) ?? .null
    guard (200..<300).contains(status) else { throw FaultRefusal(json["message"]?.stringValue ?? "/control answered \(status)") }
    return json
  }
}
