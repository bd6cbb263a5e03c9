import Events
import TestSupport
import Testing
import WireFormats

@testable import Contracts
@testable import Judging

@Suite struct ContractPatternTests {
  private func captures(_ pattern: String, _ line: String, ignoresCase: Bool = false) throws -> [String: String]? {
    var line = line
    let compiled = try TemplatePattern(pattern, ignoresCase: ignoresCase)
    return line.withUTF8 { bytes in
      compiled.firstMatch(in: bytes).map { found in Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0.value.text) }) }
    }
  }

  @Test(arguments: [
    ("Fragment sent: id={id:word}, seq={seq:int}", "Fragment sent: id=7e-3a, seq=0, duration=6015ms", ["id": "7e-3a", "seq": "0"]),
    ("delta={d:number}ms", "Drift: delta=-464.5ms, x", ["d": "-464.5"]),
    ("new attempt in {delay:seconds} seconds", "Connection failed, new attempt in 1.97 seconds", ["delay": "1.97"]),
    (
      "id={id:uuid}, s={ok:bool}", "id=7e763ab2-067f-4803-aa0f-bf71196f2e7e, s=False",
      ["id": "7e763ab2-067f-4803-aa0f-bf71196f2e7e", "ok": "false"]
    ),
    ("segment: {why:text}", "Error processing audio segment: Not connected to STS Service", ["why": "Not connected to STS Service"]),
    ("[{name:text}] done", "a [x y] done", ["name": "x y"]),
    ("set {{{n:int}}} now", "set {3} now", ["n": "3"]),
    ("état {n:int}", "✅ état 7", ["n": "7"]),
    // The first place does not match, a later one does.
    ("seq={n:int}ms", "seq=4, seq=9ms", ["n": "9"]),
    ("took {n:number}", "took 1.5.", ["n": "1.5"]),
  ])
  func `a pattern captures its fields`(pattern: String, line: String, expected: [String: String]) throws {
    #expect(try captures(pattern, line) == expected)
  }

  @Test(arguments: [
    ("seq={n:int}", "seq=abc"), ("seq={n:int}", "seq=12ab"), ("seq={n:int}", "seq="), ("in {d:seconds} s", "in -1 s"),
    ("id={id:uuid}", "id=7e763ab2-067f-4803-aa0f-bf71196f2e7"), ("id={id:word} x", "id= x"), ("flag={b:bool}.", "flag=maybe."),
    ("num={n:int}", "num=99999999999999999999999999"), ("Socket.IO connected", "socket.io connected"), ("abc{t:text}def", "abc de"),
  ])
  func `does not match`(pattern: String, line: String) throws {
    #expect(try captures(pattern, line) == nil)
  }

  @Test func `case can be ignored`() throws {
    #expect(try captures("Circuit Breaker {n:int}", "the CIRCUIT breaker 5", ignoresCase: true) == ["n": "5"])
  }

  @Test(arguments: [
    ("fragment {id", 10, "this \"{\" is never closed; write {{ for the character itself"),
    ("fragment }", 10, "a \"}\" without its \"{\"; write }} for the character itself"),
    ("fragment {id}", 11, "the field \"id\" has no type; write {id:word} or another type"),
    ("fragment {id:wrd}", 14, "unknown field type \"wrd\""),
    ("fragment {a:int}{b:int}", 17, "two fields stand next to each other; put literal text between them"),
    ("fragment {a:int} {a:int}", 19, "the field name \"a\" is used twice"),
    ("fragment {1a:int}", 11, "\"1a\" is no field name; use letters, digits and underscores"),
    ("{a:int} x", 1, "the pattern needs at least 3 characters of literal text in a row to look for"),
  ])
  func `mistakes have a position`(pattern: String, position: Int, message: String) {
    let mistake = #expect(throws: TemplatePattern.Mistake.self) { try TemplatePattern(pattern) }
    #expect(mistake?.position == position)
    #expect(mistake?.message == message)
  }

  @Test func `scanner finds exactly what occurs`() {
    let literals = ["he", "she", "his", "hers", "", "ß✅"].map { Array($0.utf8) }
    let scanner = LiteralScanner(literals, ignoresCase: false)
    func found(_ text: String) -> [Int] {
      var text = text
      var result: [Int] = []
      text.withUTF8 { scanner.scan($0, into: &result) }
      return result.sorted()
    }
    #expect(found("ushers") == [0, 1, 3])
    #expect(found("xhix his") == [2])
    #expect(found("aß✅b") == [5])
    #expect(found("USHERS") == [])
    #expect(found("") == [])
  }

  @Test func `scanner agrees with plain search`() {
    var seed = SplitMix(seed: 7)
    let letters = Array("abA".utf8)
    for _ in 0..<300 {
      let literals = (0..<6).map { _ in (0..<Int.random(in: 2...5, using: &seed)).map { _ in letters[Int.random(in: 0..<3, using: &seed)] }
      }
      let line = (0..<30).map { _ in letters[Int.random(in: 0..<3, using: &seed)] }
      for ignoresCase in [false, true] {
        let folded: ([UInt8]) -> String = { String(decoding: ignoresCase ? $0.map(asciiLowercase) : $0, as: UTF8.self) }
        let expected = literals.indices.filter { folded(line).contains(folded(literals[$0])) }
        var found: [Int] = []
        line.withUnsafeBufferPointer { LiteralScanner(literals, ignoresCase: ignoresCase).scan($0, into: &found) }
        #expect(found.sorted() == expected)
      }
    }
  }

  @Test(arguments: [
    ("knd", ["kind", "unit"], "kind"), ("spec-081", ["spec-018", "media-service"], "spec-018"), ("Counter", ["counter"], "counter"),
    ("fragmnets_sent", ["fragments_sent", "fragments_failed"], "fragments_sent"),
  ])
  func `nearest word`(word: String, valid: [String], expected: String) {
    #expect(NearestWord.find(word, among: valid) == expected)
  }

  @Test func `far words are not guessed`() {
    #expect(NearestWord.find("banana", among: ["kind", "unit"]) == nil)
    #expect(NearestWord.find("", among: ["kind"]) == nil)
    #expect(NearestWord.hint("banana", among: ["kind", "unit"]) == "; valid are kind, unit")
    #expect(NearestWord.find(String(repeating: "k", count: 100_000), among: ["kind"]) == nil)
  }
}
