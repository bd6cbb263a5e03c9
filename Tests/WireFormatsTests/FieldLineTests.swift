import TestSupport
import Testing

@testable import WireFormats

/// Fields of lines: logfmt, paths, and the search for a byte.
@Suite struct FieldLineTests {
  private func fields(_ text: String) -> [String: String]? {
    var text = text
    return text.withUTF8 { bytes in
      var line = JSONLine()
      guard line.read(logfmt: bytes) else { return nil }
      return Dictionary(line.members.map { (line.path(of: $0, in: bytes), "\($0.kind) \($0.text(in: bytes))") }, uniquingKeysWith: { $1 })
    }
  }

  @Test(arguments: [
    (
      #"time=2025-12-31T00:01:16.004Z level=INFO msg="fragment sent" seq=4"#,
      ["time": "string 2025-12-31T00:01:16.004Z", "level": "string INFO", "msg": "string fragment sent", "seq": "number 4"]
    ),
    (
      #"a=1 b=-1.5e3 c=true d=false e= f="x\"y\n""#,
      ["a": "number 1", "b": "number -1.5e3", "c": "yes true", "d": "no false", "e": "string ", "f": "string x\"y\n"]
    ),
    ("  a.b=x   @t=y\t", ["a.b": "string x", "@t": "string y"]), ("a=01 b=1.2.3", ["a": "string 01", "b": "string 1.2.3"]),
  ])
  func `logfmt is read`(text: String, expected: [String: String]) { #expect(fields(text) == expected) }

  @Test(arguments: ["", "   ", "words", "a = b", "a=1 words", "=1", #"a="open"#, "a=b\"c\"", "é=1", "a=1 =2"])
  func `what is no logfmt`(text: String) { #expect(fields(text) == nil) }

  @Test func `one reader reads many lines`() throws {
    var line = JSONLine()
    for (text, path, value) in [
      (#"{"a":{"b":{"c":1}},"a.b":2}"#, "a.b.c", "1"), (#"{"a":{"b":{"c":1}},"a.b":2}"#, "a.b", "2"), (#"{"x":[{"a":1}],"a":3}"#, "a", "3"),
    ] {
      var text = text
      try text.withUTF8 { bytes in
        try line.read(bytes)
        #expect(line.member(path, in: bytes)?.text(in: bytes) == value)
      }
    }
    var broken = #"{"a":1,"b":"#
    broken.withUTF8 { bytes in _ = #expect(throws: JSONError.self) { try line.read(bytes) } }
    #expect(line.members.isEmpty)
  }

  @Test func `paths begin in any object`() throws {
    var text = #"{"ctx":{"a":1,"e":{"code":2}},"a":3,"other":{"a":4}}"#
    try text.withUTF8 { bytes in
      let line = try JSONLine(bytes)
      func value(_ path: String, of object: Int) -> String? {
        var path = path
        return path.withUTF8 { line.member($0, in: bytes, of: object)?.text(in: bytes) }
      }
      let context = try #require(
        line.objectIndices.first { object in Array("ctx".utf8).withUnsafeBufferPointer { line.object(object, has: $0, in: bytes) } })
      #expect(value("a", of: context) == "1")
      #expect(value("e.code", of: context) == "2")
      #expect(value("a", of: 0) == "3")
      #expect(value("ctx.e.code", of: 0) == "2")
      #expect(value("code", of: context) == nil)
    }
  }

  @Test func `a byte is found where it first is`() {
    var random = SplitMix(seed: 7)
    for length in 0..<70 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...3, using: &random) }
      bytes.withUnsafeBufferPointer { buffer in
        for byte in UInt8(0)...4 {
          for start in 0...length { #expect(Bytes.first(byte, in: buffer, from: start) == bytes[start...].firstIndex(of: byte)) }
        }
      }
    }
  }
}
