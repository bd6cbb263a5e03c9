import NIOCore
import TestSupport
import Testing
import WireFormats

@testable import SocketIO

private func text(_ string: String) -> EngineMessage { .text(ByteBuffer(string: string)) }
private func binary(_ bytes: [UInt8]) -> EngineMessage { .binary(ByteBuffer(bytes: bytes)) }

@Suite struct EngineCodecTests {
  static let packets: [(String, EnginePacket)] = [
    ("0{\"sid\":1}", .open(ByteBuffer(string: "{\"sid\":1}"))), ("1", .close), ("2", .plainPing), ("2probe", .ping(EnginePacket.probe)),
    ("3", .pong(ByteBuffer())),
    ("3probe", .pong(EnginePacket.probe)), ("4hello", .message(text("hello"))), ("4", .message(text(""))),
    ("4\u{20AC}", .message(text("\u{20AC}"))), ("5", .upgrade),
    ("6", .noop), ("bAQIDBA==", .message(binary([1, 2, 3, 4]))), ("b", .message(binary([]))),
  ]

  @Test(arguments: packets) func `round trip`(string: String, packet: EnginePacket) throws {
    #expect(try EnginePacket.decode(text: ByteBuffer(string: string)) == packet)
    var out = ByteBuffer()
    packet.write(to: &out)
    #expect(String(buffer: out) == string)
    #expect(packet.payloadSize == string.utf8.count)
    #expect(try EnginePacket.decode(frame: packet.frame()) == packet)
  }

  @Test func `packets of a payload are parted and joined`() throws {
    let all = Self.packets.map(\.1)
    #expect(try EnginePayload.decode(EnginePayload.encode(all)) == all)
    #expect(String(buffer: EnginePayload.encode([.message(text("a")), .message(binary([1]))])) == "4a\u{1e}bAQ==")
    #expect(throws: EngineCodecError.empty) { try EnginePayload.decode(ByteBuffer()) }
    #expect(throws: EngineCodecError.empty) { try EnginePayload.decode(ByteBuffer(string: "4a\u{1e}")) }
    #expect(throws: EngineCodecError.empty) { try EnginePayload.decode(ByteBuffer(string: "\u{1e}4a")) }
    #expect(throws: EngineCodecError.unknownType(0x61)) { try EnginePayload.decode(ByteBuffer(string: "abc")) }
    #expect(throws: EngineCodecError.badBase64) { try EnginePayload.decode(ByteBuffer(string: "4a\u{1e}b!!!!")) }
    let many = String(repeating: "6\u{1e}", count: EnginePayload.maxPackets) + "6"
    #expect(throws: EngineCodecError.tooManyPackets) { try EnginePayload.decode(ByteBuffer(string: many)) }
    var moved = ByteBuffer(string: "xx4a\u{1e}4b")
    moved.moveReaderIndex(forwardBy: 2)
    #expect(try EnginePayload.decode(moved) == [.message(text("a")), .message(text("b"))])
  }
}

@Suite struct SocketCodecTests {
  @Test(arguments: [
    ("0", SocketPacket(kind: .connect)), ("0{\"token\":\"123\"}", SocketPacket(kind: .connect, data: ["token": "123"])),
    ("0/admin,{\"a\":1}", SocketPacket(kind: .connect, namespace: "/admin", data: ["a": 1])), ("1", SocketPacket(kind: .disconnect)),
    ("1/admin,", SocketPacket(kind: .disconnect, namespace: "/admin")), ("2[\"hello\",1]", SocketPacket(kind: .event, data: ["hello", 1])),
    ("2/admin,456[\"x\",{}]", SocketPacket(kind: .event, namespace: "/admin", id: 456, data: ["x", [:]])),
    ("30[]", SocketPacket(kind: .ack, id: 0, data: [])),
    ("4{\"message\":\"no\"}", SocketPacket(kind: .connectError, data: ["message": "no"])),
  ])
  func `round trip`(string: String, packet: SocketPacket) throws {
    let (decoded, attachments) = try SocketPacket.decode(ByteBuffer(string: string))
    #expect(decoded == packet && attachments == 0)
    #expect(packet.encode() == [text(string)])
  }

  @Test func `lenient forms`() throws {
    #expect(try SocketPacket.decode(ByteBuffer(string: "0/admin")).packet == SocketPacket(kind: .connect, namespace: "/admin"))
    #expect(try SocketPacket.decode(ByteBuffer(string: "0/admin?token=1,")).packet == SocketPacket(kind: .connect, namespace: "/admin"))
    #expect(try SocketPacket.decode(ByteBuffer(string: "4\"Unable to connect\"")).packet.data == "Unable to connect")
  }

  @Test(
    arguments: [
      "", "7", "9[\"a\"]", "abc", "2", "2{}", "2[]", "2[{}]", "2[null]", "2abc[\"x\"]", "2[\"connect\"]", "2[\"disconnect\",1]", "20",
      "2[\"a\"", "2[\"a\"]x", "3[]",
      "31{}", "0[]", "0\"x\"", "4[1", "5[\"a\"]", "5-[\"a\"]", "5x-[\"a\"]", "5999999-[\"a\"]", "52", "52-", "61-[]",
      "2999999999999999999999999[\"a\"]", "/", "2/",
      "2/admin", "4", "\u{1e}", "2/\u{0},[",
    ].filter { $0 != "4" })
  func `a broken packet is refused`(string: String) {
    #expect(throws: SocketCodecError.self) { try SocketPacket.decode(ByteBuffer(string: string)) }
  }

  @Test func `binary event`() throws {
    let packet = SocketPacket.event("a", [.binary([1]), ["x": [.binary([2, 3])]], 4], namespace: "/n", id: 7)
    #expect(packet.kind == .binaryEvent)
    let messages = packet.encode()
    #expect(
      messages == [
        text(#"52-/n,7["a",{"_placeholder":true,"num":0},{"x":[{"_placeholder":true,"num":1}]},4]"#), binary([1]), binary([2, 3]),
      ])
    let assembler = Assembler(limit: 1000)
    #expect(try assembler.receive(messages[0]) == nil)
    #expect(try assembler.receive(messages[1]) == nil)
    #expect(try assembler.receive(messages[2]) == packet)
    #expect(try assembler.receive(text("1")) == SocketPacket(kind: .disconnect))
    let ack = SocketPacket.ack([.binary([9])], namespace: "/", id: 3)
    #expect(ack.encode() == [text(#"61-3[{"_placeholder":true,"num":0}]"#), binary([9])])
    #expect(try assembler.receive(text("50-[\"a\"]"))?.data == ["a"])
  }

  @Test(arguments: [
    [text(#"51-["a",{"_placeholder":true,"num":1}]"#), binary([1])], [text(#"51-["a",{"_placeholder":true,"num":-1}]"#), binary([1])],
    [text(#"51-["a",{"_placeholder":true,"num":"0"}]"#), binary([1])], [text(#"50-["a",{"_placeholder":true,"num":0}]"#)], [binary([1])],
    [text(#"51-["a",{"_placeholder":true,"num":0}]"#), text("1")],
    [text(#"51-["a",{"_placeholder":true,"num":0}]"#), binary([UInt8](repeating: 0, count: 1000))],
  ])
  func `refuses sequences`(messages: [EngineMessage]) throws {
    let assembler = Assembler(limit: 1000)
    for message in messages.dropLast() { #expect(try assembler.receive(message) == nil) }
    let last = try #require(messages.last)
    #expect(throws: SocketCodecError.self) { try assembler.receive(last) }
  }

  /// Decoders get mutated good input: whatever comes, they return or throw; what they return can be written and read again.
  @Test func `mutated packets are read or refused`() throws {
    var generator = SplitMix(seed: 20_260_101)
    let seeds: [String] = [
      "0{\"sid\":\"a\",\"upgrades\":[\"websocket\"],\"pingInterval\":25000}", "4hello\u{1e}bAQIDBA==\u{1e}2probe",
      "2/admin,12[\"e\",{\"a\":[1,2.5e3,\"\\u00e9\\n\"]}]",
      "52-1[\"a\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]", "0/x?y,{\"t\":null}",
      "[[[[{}]]],\"\u{1F600}\",-0.0]",
    ]
    var read = 0
    for round in 0..<20_000 {
      var bytes = Array(seeds[round % seeds.count].utf8)
      for _ in 0...Int(generator.next() % 4) where !bytes.isEmpty {
        let at = Int(generator.next() % UInt64(bytes.count))
        switch generator.next() % 4 {
        case 0: bytes[at] = UInt8(truncatingIfNeeded: generator.next())
        case 1: bytes.remove(at: at)
        case 2: bytes.insert(UInt8(truncatingIfNeeded: generator.next()), at: at)
        default: bytes = Array(bytes[..<at])
        }
      }
      let buffer = ByteBuffer(bytes: bytes)
      if let value = try? JSONValue.parse(bytes) { #expect(try JSONValue.parse(value.serialized()) == value) }
      if let packets = try? EnginePayload.decode(buffer) { #expect(try EnginePayload.decode(EnginePayload.encode(packets)) == packets) }
      if let (packet, count) = try? SocketPacket.decode(buffer) {
        read += 1
        if count == 0 { #expect(try SocketPacket.decode(Self.textPart(packet)).packet == packet) }
      }
      _ = Base64.decode(String(decoding: bytes, as: UTF8.self))
      _ = RawRequest.target(String(decoding: bytes, as: UTF8.self))
      _ = try? EngineHandshake(buffer)
      _ = try? ClientAddress(url: String(decoding: bytes, as: UTF8.self), path: "/")
    }
    #expect(read > 100)
  }

  private static func textPart(_ packet: SocketPacket) -> ByteBuffer {
    guard case .text(let buffer)? = packet.encode().first else { return ByteBuffer() }
    return buffer
  }
}

/// The assembler behind a reference, so that mutating calls can stand inside `#expect`.
private final class Assembler {
  private var state: SocketPacketAssembler
  init(limit: Int) { state = SocketPacketAssembler(limit: limit) }
  func receive(_ message: EngineMessage) throws -> SocketPacket? { try state.receive(message) }
}
