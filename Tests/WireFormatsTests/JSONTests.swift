import Testing
import WireFormats

@Suite struct JSONTests {
  static let values: [(String, JSONValue)] = [
    ("null", .null), (" true ", true), ("false", false), ("0", 0), ("-7", -7), ("9223372036854775807", .integer(.max)),
    ("-9223372036854775808", .integer(.min)), ("9223372036854775808", .unsigned(9223372036854775808)),
    ("18446744073709551615", .unsigned(.max)),
    ("18446744073709551616", .number(18446744073709551616)), ("1.5", 1.5), ("-0", .number(-0.0)),
    ("1e3", .number(1000)), ("2E-1", .number(0.2)), ("1.25e+2", .number(125)), ("\"\"", ""), ("[]", []), ("{}", [:]),
    ("[1,[2,{\"a\":null}]]", [1, [2, ["a": nil]]]),
    ("{\"a\":1,\"a\":2}", ["a": 2]), (#""\"\\\/\b\f\n\r\t\u0041\u00e9""#, .string("\"\\/\u{8}\u{c}\n\r\tA\u{e9}")),
    (#""\ud83d\ude00""#, "\u{1F600}"),
    (#""\ud83d""#, "\u{FFFD}"), (#""\ude00x""#, "\u{FFFD}x"), (#""\ud83dA""#, "\u{FFFD}A"), (#""\ud83d\u0041""#, "\u{FFFD}A"),
    ("\"e\u{301}\u{1F600} long enough for words\"", "e\u{301}\u{1F600} long enough for words"), ("\t\r\n [ 1 , 2 ] ", [1, 2]),
  ]

  @Test(arguments: values) func `a document becomes a value`(text: String, value: JSONValue) throws {
    #expect(try JSONValue.parse(text) == value)
  }

  @Test(arguments: [
    "", " ", "nul", "tru", "True", "+1", "01", "-", "1.", ".5", "1e", "1e+", "0x10", "nan", "Infinity", "1e999", "\"", "\"abc", "\"\\",
    "\"\\x\"", "\"\\u12\"",
    "\"\\u12g4\"", "\"a\u{1}b\"", "\"line\nbreak long enough\"", "[", "[1", "[1,", "[1,]", "[,]", "]", "{", "{\"a\"", "{\"a\":", "{\"a\":1",
    "{\"a\":1,", "{\"a\":1,}",
    "{a:1}", "{1:2}", "1 2", "[] []", "'a'", "\u{FEFF}1", "\u{0}",
  ])
  func `what is no document is refused`(text: String) {
    #expect(throws: JSONError.self) { try JSONValue.parse(text) }
  }

  @Test func `refuses invalid UTF-8`() {
    for bytes: [UInt8] in [[0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xF8, 0x88, 0x80, 0x80], [0xC3]] {
      #expect(throws: JSONError.self) { try JSONValue.parse([0x22] + bytes + [0x22]) }
      #expect(throws: JSONError.self) { try JSONValue.parse([0x22, 0x5C, 0x6E] + bytes + [0x22]) }
    }
  }

  @Test func `bounds depth`() throws {
    let deepest = JSONValue.maxDepth
    #expect(try JSONValue.parse(String(repeating: "[", count: deepest) + String(repeating: "]", count: deepest)).arrayValue?.count == 1)
    #expect(throws: JSONError.self) {
      try JSONValue.parse(String(repeating: "[", count: deepest + 1) + String(repeating: "]", count: deepest + 1))
    }
    #expect(throws: JSONError.self) { try JSONValue.parse(String(repeating: "{\"a\":", count: 100_000)) }
    var value: JSONValue = 1
    for _ in 0..<10_000 { value = [value] }
    #expect(try JSONValue.parse(value.serialized()).arrayValue?.count == 1)
  }

  @Test func `writes what it reads`() throws {
    let value: JSONValue = [
      "text": "tab\t quote\" slash\\ nul\u{0} del\u{7F} \u{1F600} and a tail of more than eight bytes\n",
      "numbers": [0, -1, 1.5, 1e300, .integer(.max)],
      "flags": [true, false, nil], "empty": ["": [:], "list": []],
    ]
    #expect(try JSONValue.parse(value.serialized()) == value)
    #expect(JSONValue.array([.number(.nan), .number(.infinity)]).jsonText == "[null,null]")
    #expect(JSONValue.object(["b": 1, "a": 2]).jsonText == #"{"a":2,"b":1}"#)
    #expect(JSONValue.binary([1, 2, 3]).jsonText == "\"AQID\"")
  }

  @Test func `finds special bytes at every offset`() throws {
    for length in 0..<40 {
      for special in ["\"", "\\", "\n", "\u{1F}"] {
        let text = String(repeating: "x", count: length) + special + "yz"
        #expect(try JSONValue.parse(JSONValue.string(text).serialized()) == .string(text))
        #expect(throws: JSONError.self) { try JSONValue.parse("\"" + text + "\"") }
      }
    }
  }

  @Test func `accessors give what is there and nil for the rest`() {
    let value: JSONValue = ["i": 3, "d": 3.0, "h": 0.5, "s": "x", "b": true, "a": [1], "n": nil, "z": .binary([9])]
    #expect(value["i"]?.intValue == 3 && value["d"]?.intValue == 3 && value["h"]?.intValue == nil)
    #expect(value["i"]?.doubleValue == 3 && value["s"]?.stringValue == "x" && value["b"]?.boolValue == true)
    #expect(value["a"]?[0] == 1 && value["a"]?[1] == nil && value["a"]?[-1] == nil && value["n"] == .null)
    #expect(value["z"] == .binary([9]) && value["missing"] == nil && JSONValue.null["x"] == nil)
    #expect(JSONValue.number(.infinity).intValue == nil && JSONValue.number(1e300).intValue == nil)
  }
}
