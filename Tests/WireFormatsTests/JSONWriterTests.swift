import Testing
import WireFormats

@Suite struct JSONWriterTests {
  private func text(_ style: JSONWriter.Formatting = .compact, _ body: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter(style)
    body(&writer)
    return writer.text
  }

  @Test func `members keep their order`() {
    let text = text {
      $0.object {
        $0.field("z", "a\u{7F}\u{8}\"")
        $0.field("a") { $0.literal("1.500") }
        $0.field("list") {
          $0.array {
            $0.string("x")
            $0.value([1, [:], nil])
            $0.object { _ in }
          }
        }
        $0.field("value", 1.5)
      }
    }
    #expect(text == #"{"z":"a\u007f\b\"","a":1.500,"list":["x",[1,{},null],{}],"value":1.5}"#)
  }

  @Test func `go escapes what HTML reads`() {
    let text = text(.go) { $0.array { $0.string("<a>&\u{2028}\u{2029}\u{2027}\u{202A}\u{7F}\u{1F}\u{C}") } }
    #expect(text == "[\"\\u003ca\\u003e\\u0026\\u2028\\u2029\u{2027}\u{202A}\u{7F}\\u001f\\f\"]")
  }

  @Test func `indents as foundation does`() {
    let value: JSONValue = ["b": [1, ["c": []]], "a": [:], "s": "x/y"]
    #expect(
      String(decoding: value.serialized(.indented), as: UTF8.self) == """
        {
          "a" : {

          },
          "b" : [
            1,
            {
              "c" : [

              ]
            }
          ],
          "s" : "x/y"
        }
        """)
  }

  @Test func `a prefix stands before`() {
    var writer = JSONWriter(after: "42")
    writer.value(["x"])
    #expect(writer.text == #"42["x"]"#)
  }

  @Test func `shortest numbers`() {
    #expect(JSONValue.shortest(3) == 3 && JSONValue.shortest(0.5) == 0.5 && JSONValue.shortest(.nan) == .null)
    #expect(JSONValue.shortest(1e18) == .number(1e18))
  }
}
