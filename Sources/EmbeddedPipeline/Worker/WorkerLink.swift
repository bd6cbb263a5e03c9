import SocketIO
import WireFormats

/// One connection of the worker to the speech service: connects, then sends in the order it is asked to.
final class WorkerLink: Sendable {
  /// What comes over it.
  enum Event: Sendable {
    case connected
    case failed(String)
    case message(name: String, payload: JSONValue?)
    case disconnected(String)
  }

  private let client: SocketIOClient
  private let outbox: AsyncStream<@Sendable (SocketIOClient) async -> Void>.Continuation
  private let sender: Task<Void, Never>
  private let reader: Task<Void, Never>

  /// Connects at once. `receive` is called for every event in order; `disconnected` comes once and last, `failed` alone.
  init(url: String, connectTimeout: Duration, receive: @escaping @Sendable (Event) async -> Void) {
    var settings = SocketIOClientConfiguration()
    settings.transports = [.websocket]
    settings.connectTimeout = connectTimeout
    let client = SocketIOClient(url: url, configuration: settings)
    let (jobs, outbox) = AsyncStream.makeStream(
      of: (@Sendable (SocketIOClient) async -> Void).self, bufferingPolicy: .bufferingOldest(256))
    self.client = client
    self.outbox = outbox
    sender = Task { for await job in jobs { await job(client) } }
    reader = Task {
      do { try await client.connect() } catch { return await receive(.failed("\(error)")) }
      await receive(.connected)
      for await event in client.events {
        switch event {
        case .connected: break
        case .event(let name, let args, _): await receive(.message(name: name, payload: args.first))
        case .disconnected(let reason): await receive(.disconnected(reason))
        }
      }
    }
  }

  /// Sends an event after everything that was asked for before.
  func send(_ event: String, _ payload: some Encodable & Sendable) {
    outbox.yield { client in
      guard let json = try? STSCodec.json(payload) else { return }
      // A connection that is gone is told by its event stream.
      try? await client.emit(event, [json])
    }
  }

  /// Disconnects, when asked to after what is still to be sent; bounded in time.
  func close(afterFlush: Bool) async {
    let client = client
    let sender = sender
    if afterFlush {
      outbox.yield { await $0.disconnect() }
      outbox.finish()
      let limit = Task {
        try await Task.sleep(for: .seconds(1))
        await client.disconnect()
        sender.cancel()
      }
      await sender.value
      limit.cancel()
    }
    outbox.finish()
    await client.disconnect()
    sender.cancel()
    reader.cancel()
  }
}
