import Foundation
import TestSupport
import Testing

@testable import MCAP

/// The PyPI package `mcap` as second reader and writer.
@Suite struct PeerTests {
  @Test func `python reads what is written here, indexed and streamed, with all checksums`() async throws {
    guard PythonPeer.isAvailable("MCAP peer", importing: "mcap") else { return }
    let scratch = try Scratch("mcap")
    let messages = Sample.messages(300)
    for level in [nil, 3] as [Int32?] {
      var (bytes, _) = try Sample.file(messages, level: level, isFinished: false)
      bytes = try withExtras(messages, level)
      let path = scratch.file("\(level ?? 0).mcap")
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let lines = try await peer(["read", path])
      for way in ["indexed", "streamed"] {
        let expected = Sample.told(messages).map {
          "\(way) \($0.topic) s \($0.sequence) \($0.logTime) \($0.data.map { String(format: "%02x", $0) }.joined())"
        }
        #expect(lines.filter { $0.hasPrefix(way) } == expected)
      }
      #expect(lines.contains("metadata m [('k', 'v')]"))
      #expect(lines.contains("attachment f 010203"))
    }
  }

  @Test(arguments: ["NONE", "ZSTD", "LZ4"]) func `what python writes is read here`(compression: String) async throws {
    guard PythonPeer.isAvailable("MCAP peer", importing: "mcap") else { return }
    let scratch = try Scratch("mcap")
    let path = scratch.file("peer.mcap")
    _ = try await peer(["write", path, compression])
    let file = try MCAPFile(path: path)
    let bytes = try file.read(at: 0, count: Int(try file.size))
    if compression == "LZ4" {
      #expect { try readAll(bytes) } throws: { ($0 as? MCAPError)?.kind == .unsupported }
      return
    }
    let read = try readAll(bytes)
    #expect(read.damages.isEmpty)
    #expect(read.told.count == 100)
    #expect(
      read.told
        == (0..<100).map {
          Told(
            topic: Sample.topics[$0 % 3], sequence: UInt32($0), logTime: UInt64(1000 + $0 * 10),
            data: Array(repeating: UInt8($0), count: $0 % 7))
        })
    let index = try #require(try MCAPIndex(of: file))
    let indexed = try index.chunks.flatMap { try file.chunk($0).contents() }.count { if case .message = $0 { true } else { false } }
    #expect(indexed == 100)
  }

  private func withExtras(_ messages: [MCAPMessage], _ level: Int32?) throws -> [UInt8] {
    var writer = MCAPWriter(MCAPHeader(profile: "test", library: "tests"), options: .init(chunkBytes: 2000, zstdLevel: level))
    try writer.add(MCAPMetadata(name: "m", texts: ["k": "v"]))
    writer.add(MCAPSchema(id: 1, name: "s", encoding: "jsonschema", data: Array("{}".utf8)))
    for (index, topic) in Sample.topics.enumerated() {
      writer.add(MCAPChannel(id: UInt16(index + 1), schemaID: 1, topic: topic, messageEncoding: "json"))
    }
    for message in messages { try writer.add(message) }
    try writer.add(MCAPAttachment(logTime: 1, createTime: 2, name: "f", mediaType: "text/plain", data: [1, 2, 3]))
    try writer.finish()
    return writer.take()
  }

  private func peer(_ words: [String]) async throws -> [String] {
    let python = try #require(PythonPeer.interpreter)
    let child = try ChildProgram([python, Checkout.path("Tests/MCAPTests/Peers/mcap_peer.py")] + words)
    let result = await child.result(within: 60)
    #expect(result.status == 0, "\(result)")
    return result.output.split(separator: "\n").map(String.init)
  }
}
