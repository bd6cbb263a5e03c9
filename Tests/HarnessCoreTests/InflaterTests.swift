import TestSupport
import Testing
import WireFormats

@testable import HarnessCore

/// Bodies that came compressed, unasked.
@Suite struct InflaterTests {
  static let text = String(repeating: "fragments 1\n", count: 50)
  static let gzip = "H4sIAAAAAAACA0srSkzPTc0rKVYw5EobZY+yqcQGANZmt3tYAgAA"
  static let zlib = "eJxLK0pMz03NKylWMORKG2WPsqnEBgBfsc6l"
  static let raw = "SytKTM9NzSspVjDkShtlj7KpxAYA"

  private func read(_ encoding: String?, _ bytes: [UInt8], pieces: Int = .max, limit: Int = 1 << 20) throws -> (text: String, isWhole: Bool)
  {
    var inflater = Inflater(encoding: encoding)
    var out: [UInt8] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(pieces))
      rest = rest.dropFirst(piece.count)
      let isWhole = try inflater.read(piece) {
        let room = limit - out.count
        out += $0.prefix(room)
        return $0.count <= room
      }
      if !isWhole { return (String(decoding: out, as: UTF8.self), false) }
    }
    try inflater.end()
    return (String(decoding: out, as: UTF8.self), true)
  }

  @Test(arguments: [("gzip", gzip), ("X-GZIP", gzip), ("deflate", zlib), ("deflate", raw)], [1, 7, 4096])
  func `gzip and deflate are taken off, however they are cut`(_ body: (String, String), _ pieces: Int) throws {
    let bytes = try #require(Base64.decode(body.1))
    #expect(try read(body.0, bytes, pieces: pieces).text == Self.text)
  }

  @Test(arguments: ["br", "zstd", "identity", nil]) func `what is compressed otherwise is passed on as it is`(_ encoding: String?) throws {
    #expect(try read(encoding, Array("as it is".utf8)).text == "as it is")
  }

  @Test func `two files in a row are one body`() throws {
    let bytes = try #require(Base64.decode(Self.gzip))
    #expect(try read("gzip", bytes + bytes, pieces: 5).text == Self.text + Self.text)
  }

  @Test func `what is cut or no compression at all is refused`() throws {
    let bytes = try #require(Base64.decode(Self.gzip))
    for broken in [Array(bytes.dropLast(9)), Array("not gzip at all".utf8), Array(bytes.prefix(12)) + Array(repeating: 0xFF, count: 40)] {
      #expect(throws: FetchFailure.other("broken compression")) { try read("gzip", broken) }
    }
  }

  @Test func `a small body that grows without end is stopped at its limit`() throws {
    let bytes = try #require(Base64.decode(Self.gzip))
    let (text, isWhole) = try read("gzip", bytes, limit: 100)
    #expect(!isWhole)
    #expect(text.utf8.count == 100)
  }
}
