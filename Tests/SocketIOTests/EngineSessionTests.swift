import NIOCore
import TestSupport
import Testing

@testable import SocketIO

@Suite struct EngineSessionTests {
  let settings = EngineSession.Settings(pingInterval: 300, pingTimeout: 200, upgradeTimeout: 100, maxPayload: 1000)
  let hello = EnginePacket.message(.text(ByteBuffer(string: "hello")))

  @Test func `pings and times out`() {
    let session = Machine(settings: settings, transport: .websocket, now: 0)
    #expect(session.deadline == 300)
    #expect(session.tick(now: 299) == [])
    #expect(session.tick(now: 300) == [.send([.plainPing])])
    #expect(session.deadline == 500)
    #expect(session.receive(.pong(ByteBuffer()), now: 450) == [])
    #expect(session.deadline == 750)
    #expect(session.tick(now: 750) == [.send([.plainPing])])
    #expect(session.tick(now: 949) == [])
    #expect(session.tick(now: 950) == [.closed(reason: "ping timeout")])
    #expect(session.deadline == nil)
    #expect(session.send([hello]) == [])
  }

  @Test func `traffic keeps alive`() {
    let session = Machine(settings: settings, transport: .websocket, now: 0)
    _ = session.tick(now: 300)
    #expect(session.receive(hello, now: 480) == [.deliver(.text(ByteBuffer(string: "hello")))])
    #expect(session.tick(now: 500) == [])
    #expect(session.tick(now: 680) == [.closed(reason: "ping timeout")])
  }

  @Test func `a late clock is not the clients fault`() {
    let session = Machine(settings: settings, transport: .websocket, now: 0)
    _ = session.tick(now: 300)
    #expect(session.tick(now: 700) == [])
    #expect(session.deadline == 750)
    #expect(session.receive(.pong(ByteBuffer()), now: 710) == [])
    #expect(session.tick(now: 1010) == [.send([.plainPing])])
    #expect(session.tick(now: 1300) == [])
    #expect(session.tick(now: 1350) == [.closed(reason: "ping timeout")])
  }

  @Test func `polls in order and in batches`() {
    let session = Machine(settings: settings, transport: .polling, now: 0)
    #expect(session.send([hello]) == [])
    #expect(session.queuedBytes == 6)
    var (isAccepted, effects) = session.poll()
    #expect(isAccepted && effects == [.answerPoll([hello])])
    (isAccepted, effects) = session.poll()
    #expect(isAccepted && effects == [])
    #expect(session.send([hello]) == [.answerPoll([hello])])
    _ = session.send(Array(repeating: hello, count: 20))
    #expect(session.poll().effects == [.answerPoll(Array(repeating: hello, count: 16))])
    #expect(session.poll().effects == [.answerPoll(Array(repeating: hello, count: 4))])
    let large = EnginePacket.message(.text(ByteBuffer(repeating: 0x61, count: 700)))
    _ = session.send([large, large])
    #expect(session.poll().effects == [.answerPoll([large])])
    #expect(session.poll().effects == [.answerPoll([large])])
    #expect(session.queuedBytes == 0)
  }

  @Test func `second poll closes`() {
    let session = Machine(settings: settings, transport: .polling, now: 0)
    _ = session.poll()
    let (isAccepted, effects) = session.poll()
    #expect(!isAccepted && effects == [.answerPoll([.close]), .closed(reason: "transport error")])
    #expect(session.poll().isAccepted == false)
  }

  @Test func `close packet releases the poll`() {
    let session = Machine(settings: settings, transport: .polling, now: 0)
    _ = session.poll()
    #expect(session.receive(.close, now: 1) == [.answerPoll([.noop]), .closed(reason: "transport close")])
  }

  @Test func `a probe and an upgrade move a session`() {
    let session = Machine(settings: settings, transport: .polling, now: 0)
    let probe = EnginePacket.ping(EnginePacket.probe)
    _ = session.poll()
    #expect(session.attachProbe(now: 1))
    #expect(!session.attachProbe(now: 2))
    #expect(session.receiveProbe(probe, now: 3) == [.sendProbe(.pong(EnginePacket.probe)), .answerPoll([.noop])])
    #expect(session.poll().effects == [.answerPoll([.noop])])
    #expect(session.send([hello]) == [])
    #expect(session.receiveProbe(.upgrade, now: 4) == [.promoteProbe, .send([hello])])
    #expect(session.transport == .websocket)
    #expect(session.poll().isAccepted == false)
    #expect(!session.attachProbe(now: 5))
    #expect(session.linkClosed(isError: false) == [.closed(reason: "transport close")])
  }

  @Test func `upgrade times out and polling goes on`() {
    let session = Machine(settings: settings, transport: .polling, now: 0)
    #expect(session.attachProbe(now: 10))
    _ = session.receiveProbe(.ping(EnginePacket.probe), now: 20)
    _ = session.send([hello])
    #expect(session.deadline == 110)
    #expect(session.tick(now: 110) == [.closeProbe])
    #expect(session.poll().effects == [.answerPoll([hello])])
    #expect(session.attachProbe(now: 120))
    #expect(session.receiveProbe(.upgrade, now: 121) == [.closeProbe])
  }

  @Test func `finish flushes first`() {
    let session = Machine(settings: settings, transport: .polling, now: 0)
    _ = session.send([hello])
    #expect(session.finish(reason: "bye", now: 10) == [])
    #expect(session.send([hello]) == [])
    #expect(session.poll().effects == [.answerPoll([hello, .close]), .closed(reason: "bye")])
    let silent = Machine(settings: settings, transport: .polling, now: 0)
    _ = silent.finish(reason: "bye", now: 10)
    #expect(silent.deadline == 210)
    #expect(silent.tick(now: 210) == [.closed(reason: "bye")])
  }

  @Test func `wrong packets close`() {
    for packet: EnginePacket in [.plainPing, .upgrade, .open(ByteBuffer())] {
      let session = Machine(settings: settings, transport: .websocket, now: 0)
      #expect(session.receive(packet, now: 1) == [.closed(reason: "parse error")])
    }
  }

  /// Random inputs in random order: never a trap, one end, and nothing after it.
  @Test func `random inputs end once`() {
    var generator = SplitMix(seed: 7)
    for round in 0..<2000 {
      let session = Machine(settings: settings, transport: round % 2 == 0 ? .polling : .websocket, now: 0)
      var ends = 0
      var now: Int64 = 0
      for _ in 0..<60 {
        now += Int64(generator.next() % 90)
        let packet = EngineCodecTests.packets[Int(generator.next() % UInt64(EngineCodecTests.packets.count))].1
        let effects: [EngineSession.Effect] =
          switch generator.next() % 9 {
          case 0: session.poll().effects
          case 1 where session.isPollWaiting: session.pollAborted()
          case 2: session.receive(packet, now: now)
          case 3: session.send([packet])
          case 4: session.tick(now: now)
          case 5: session.attachProbe(now: now) ? [] : []
          case 6: session.receiveProbe(packet, now: now)
          case 7 where generator.next() % 8 == 0: session.finish(reason: "x", now: now)
          default: session.probeClosed()
          }
        for case .closed in effects { ends += 1 }
        if ends == 0 { #expect(session.deadline != nil) }
      }
      #expect(ends <= 1)
      #expect((session.deadline == nil) == (ends == 1))
    }
  }
}

/// The session behind a reference, so that mutating calls can stand inside `#expect`.
private final class Machine {
  var state: EngineSession
  init(settings: EngineSession.Settings, transport: SocketIOTransport, now: Int64) {
    state = EngineSession(settings: settings, transport: transport, now: now)
  }
  var deadline: Int64? { state.deadline }
  var queuedBytes: Int { state.queuedBytes }
  var transport: SocketIOTransport { state.transport }
  var isPollWaiting: Bool { state.isPollWaiting }
  func poll() -> (isAccepted: Bool, effects: [EngineSession.Effect]) { state.poll() }
  func pollAborted() -> [EngineSession.Effect] { state.pollAborted() }
  func linkClosed(isError: Bool) -> [EngineSession.Effect] { state.linkClosed(isError: isError) }
  func attachProbe(now: Int64) -> Bool { state.attachProbe(now: now) }
  func probeClosed() -> [EngineSession.Effect] { state.probeClosed() }
  func receiveProbe(_ packet: EnginePacket, now: Int64) -> [EngineSession.Effect] { state.receiveProbe(packet, now: now) }
  func receive(_ packet: EnginePacket, now: Int64) -> [EngineSession.Effect] { state.receive(packet, now: now) }
  func send(_ packets: [EnginePacket]) -> [EngineSession.Effect] { state.send(packets) }
  func finish(reason: String, now: Int64) -> [EngineSession.Effect] { state.finish(reason: reason, now: now) }
  func tick(now: Int64) -> [EngineSession.Effect] { state.tick(now: now) }
}
