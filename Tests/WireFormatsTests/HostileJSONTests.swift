import Testing
import WireFormats

/// What comes from outside: nothing traps, and what is refused says where.
@Suite struct HostileJSONTests {
  static let document =
    #"{"a":[1,-2.5e-3,{"b\u00e9":"x\ud83d\ude00\n","c":[true,false,null]}],"d":{"e":{"f":18446744073709551615}},"g":""}"#

  @Test func `every truncation is refused at its place`() {
    let bytes = Array(Self.document.utf8)
    for length in 0..<bytes.count {
      let error = #expect(throws: JSONError.self) { try JSONValue.parse(Array(bytes.prefix(length))) }
      #expect((0...length).contains(error?.offset ?? -1), "\(length)")
      #expect(JSONValue(parsing: Array(bytes.prefix(length))) == nil)
      #expect(throws: JSONError.self) {
        try bytes.prefix(length).withUnsafeBufferPointer { buffer in _ = try JSONLine(buffer) }
      }
    }
  }

  @Test func `every byte replaced never traps`() throws {
    let bytes = Array(Self.document.utf8)
    for index in bytes.indices {
      for byte in UInt8.min...UInt8.max {
        var mutated = bytes
        mutated[index] = byte
        let value = try? JSONValue.parse(mutated)
        let line = mutated.withUnsafeBufferPointer { try? JSONLine($0) }
        // What the reader of trees accepts is an object, and so is fine for the other one, which looks less closely.
        if let value {
          #expect(line != nil, "\(index) \(byte)")
          #expect(try JSONValue.parse(value.serialized()) == value)
        }
      }
    }
  }

  @Test(arguments: ["[", "{\"a\":", "[{\"a\":[", "[[],"])
  func `bombs of depth are refused`(_ piece: String) {
    let bomb = Array(String(repeating: piece, count: 200_000).utf8)
    #expect(throws: JSONError.self) { try JSONValue.parse(bomb) }
    #expect(throws: JSONError.self) { try bomb.withUnsafeBufferPointer { buffer in _ = try JSONLine(buffer) } }
  }

  @Test(arguments: [
    (#""\ud800""#, "\u{FFFD}"), (#""\udc00""#, "\u{FFFD}"), (#""\udc00\ud800""#, "\u{FFFD}\u{FFFD}"),
    (#""\ud800\ud800\udc00""#, "\u{FFFD}\u{10000}"), (#""\udbff\udfff""#, "\u{10FFFF}"), (#""\ud800\n""#, "\u{FFFD}\n"),
  ])
  func `lone surrogates`(_ text: String, _ expected: String) throws {
    #expect(try JSONValue.parse(text) == .string(expected))
    var line = "{\"s\":\(text)}"
    let read = try line.withUTF8 { bytes in try JSONLine(bytes).member("s", in: bytes)?.text(in: bytes) }
    #expect(read == expected)
  }

  @Test func `huge numbers`() throws {
    let digits = String(repeating: "9", count: 100_000)
    for text in ["1e999999999999999999", "-1e400", "1" + digits, "1e+" + digits] {
      #expect(throws: JSONError.self) { try JSONValue.parse(text) }
    }
    #expect(try JSONValue.parse("1e-999999999") == .number(0))
    #expect(try JSONValue.parse("0." + digits).doubleValue == 1)
    #expect(try JSONValue.parse("-9223372036854775809") == .number(-9223372036854775808))
  }

  @Test func `counts and marks`() throws {
    #expect(JSONValue.unsigned(.max).countValue == .max && JSONValue.integer(-1).countValue == nil)
    #expect(JSONValue.number(2.9).countValue == 2 && JSONValue.number(-1).countValue == nil && JSONValue.number(1e300).countValue == nil)
    #expect(JSONValue.unsigned(.max).intValue == nil && JSONValue.string("1").countValue == nil)
    #expect(JSONValue(parsing: [0xEF, 0xBB, 0xBF] + Array("[1]".utf8)) == [1])
    #expect(throws: JSONError.self) { try JSONValue.parse([0xEF, 0xBB, 0xBF] + Array("[1]".utf8)) }
  }

  @Test func `random values survive a round trip`() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<2_000 {
      let value = Self.value(depth: 4, &random)
      for style in [JSONWriter.Formatting.compact, .go, .indented] { #expect(try JSONValue.parse(value.serialized(style)) == value) }
    }
  }

  private static func value(depth: Int, _ random: inout some RandomNumberGenerator) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &random))
    case 2: return .integer(Int64.random(in: .min...(.max), using: &random))
    case 3: return .unsigned(UInt64.random(in: (1 << 63)...(.max), using: &random))
    case 4: return .number(Double.random(in: -1e9...1e9, using: &random) + 0.5)
    case 5: return .string(text(&random))
    case 6: return .array((0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth: depth - 1, &random) })
    default:
      var members: [String: JSONValue] = [:]
      for _ in 0..<Int.random(in: 0...4, using: &random) { members[text(&random)] = value(depth: depth - 1, &random) }
      return .object(members)
    }
  }

  private static func text(_ random: inout some RandomNumberGenerator) -> String {
    var scalars = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...20, using: &random) {
      let limit: UInt32 = [0x20, 0x80, 0x2100, 0x110000].randomElement(using: &random) ?? 0x80
      if let scalar = Unicode.Scalar(UInt32.random(in: 0..<limit, using: &random)) { scalars.append(scalar) }
    }
    return String(scalars)
  }
}
