import Foundation
import TestSupport
import Testing
import WireFormats

/// What is coded here is what Foundation's coders make of the same.
@Suite struct JSONCodingTests {
  private enum Word: String, Codable { case one, two }

  private enum Shape: Codable, Equatable {
    case point
    case circle(radius: Double)
  }

  private struct Inner: Codable, Equatable {
    var flag = true
    var small: Int8 = -128
    var big = UInt64.max
    var float: Float = 0.1
    var list: [Int?] = [1, nil, 3]
    var lists: [[String]] = [[], ["a/b", "\"\u{1}\n"]]
    var map: [String: Double] = ["z": 1, "a": 0.5, "é": -3e-7]
  }

  private struct Outer: Codable, Equatable {
    var text = "x"
    var missing: String?
    var whole = 3.0
    var word = Word.two
    var shapes = [Shape.point, .circle(radius: 1.25)]
    var inner: Inner? = Inner()
    var numbers: [Double] = [0, 1, -1.5, 1e-7, 1e14, 123_456.789, 1e300, 0.1 + 0.2]
    var last = Int64.min

    private enum CodingKeys: String, CodingKey {
      case text, missing, whole, word, shapes, inner, numbers
      case last = "the_last"
    }
  }

  private static func foundation(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }

  @Test func `writes the bytes that foundation writes`() throws {
    #expect(try JSONValue(encoding: Outer()).document == Self.foundation(Outer()))
    #expect(try JSONValue(encoding: [Outer(), Outer(inner: nil)]).document == Self.foundation([Outer(), Outer(inner: nil)]))
    #expect(try JSONValue(encoding: "x").document == Self.foundation("x"))
    #expect(try JSONValue(encoding: [Int]()).document == Self.foundation([Int]()))
    #expect(try JSONValue(encoding: Int?.none) == .null)
  }

  @Test func `numbers at random are foundations`() throws {
    var random = SplitMix(seed: 9)
    var numbers: [Double] = []
    while numbers.count < 2000 {
      let number =
        numbers.count.isMultiple(of: 2) ? Double(bitPattern: random.next()) : Double(Int64(truncatingIfNeeded: random.next() >> 20)) / 1000
      if number.isFinite { numbers.append(number) }
    }
    #expect(try JSONValue(encoding: numbers).document == Self.foundation(numbers))
  }

  @Test func `reads back what it wrote, and what foundation wrote`() throws {
    let value = Outer()
    #expect(try JSONValue(encoding: value).decoded(as: Outer.self) == value)
    #expect(try JSONValue.parse(Self.foundation(value)).decoded(as: Outer.self) == value)
    #expect(try JSONDecoder().decode(Outer.self, from: Data(JSONValue(encoding: value).serialized())) == value)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity]) func `what is no number of JSON is refused`(_ number: Double) {
    #expect(throws: EncodingError.self) { try JSONValue(encoding: ["a": number]) }
    #expect(throws: EncodingError.self) { try JSONValue(encoding: [Float(number)]) }
  }

  private struct Fields: Codable, Equatable {
    struct Deep: Codable, Equatable { var list: [Int8] }
    var deep: Deep
    var text: String?
  }

  /// Where it went wrong, as a path.
  private func path(_ json: String) throws -> String {
    let value = try JSONValue.parse(json)
    func words(_ keys: [any CodingKey]) -> String { keys.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".") }
    do {
      _ = try value.decoded(as: Fields.self)
      return "fine"
    } catch let error as DecodingError {
      switch error {
      case .keyNotFound(let key, let context): return "missing \(words(context.codingPath + [key]))"
      case .valueNotFound(let type, let context): return "null \(words(context.codingPath)) \(type)"
      case .typeMismatch(let type, let context): return "mismatch \(words(context.codingPath)) \(type)"
      case .dataCorrupted(let context): return "corrupted \(words(context.codingPath))"
      @unknown default: return "unknown"
      }
    }
  }

  @Test(arguments: [
    (#"{"deep":{"list":[1,2.0,3e1]}}"#, "fine"), (#"{"deep":{"list":[]},"text":null,"more":1}"#, "fine"), (#"{}"#, "missing deep"),
    (#"{"deep":{}}"#, "missing deep.list"), (#"{"deep":null}"#, "null deep Dictionary<String, Any>"),
    (#"{"deep":{"list":[1,null]}}"#, "null deep.list.[1] Int8"), (#"{"deep":{"list":{}}}"#, "mismatch deep.list Array<Any>"),
    (#"{"deep":{"list":["1"]}}"#, "mismatch deep.list.[0] Int8"), (#"{"deep":{"list":[true]}}"#, "mismatch deep.list.[0] Int8"),
    (#"{"deep":{"list":[300]}}"#, "corrupted deep.list.[0]"), (#"{"deep":{"list":[1.5]}}"#, "corrupted deep.list.[0]"),
    (#"{"deep":{"list":[]},"text":1}"#, "mismatch text String"), ("[]", "mismatch  Dictionary<String, Any>"),
  ])
  func `says where something else stands`(_ json: String, _ place: String) throws { #expect(try path(json) == place) }

  private struct Grown: Codable, Equatable, FieldDefaults {
    enum Form: Codable, Equatable, FieldDefaults {
      case round(radius: Double, unit: String)
      static let fieldDefaults: [String: JSONValue] = ["unit": .string("m")]
    }
    static let fieldDefaults: [String: JSONValue] = ["isNew": .bool(true)]
    var name: String
    var isNew = false
    var form: Form?
    var inner: [Grown] = []
  }

  @Test(arguments: [
    (#"{"name":"a","inner":[]}"#, true), (#"{"name":"a","inner":[{"name":"b","inner":[]}]}"#, true),
    (#"{"name":"a","inner":[],"form":{"round":{"radius":1}}}"#, true), (#"{"inner":[]}"#, false), (#"{"name":"a"}"#, false),
    (#"{"name":"a","inner":[],"form":{"round":{"unit":"m"}}}"#, false), (#"{"name":"a","isNew":null,"inner":[]}"#, false),
  ]) func `a member that came later has its default where its type names one`(json: String, isRead: Bool) throws {
    let read = try? JSONValue.parse(json).decoded(as: Grown.self)
    #expect((read != nil) == isRead)
    guard let read else { return }
    #expect(read.isNew && read.inner.allSatisfy(\.isNew))
    #expect(read.form == nil || read.form == .round(radius: 1, unit: "m"))
  }

  @Test func `an attachment is the text that plain JSON has for it`() throws {
    #expect(try JSONValue.binary([1, 2, 3]).decoded(as: String.self) == "AQID")
  }
}
