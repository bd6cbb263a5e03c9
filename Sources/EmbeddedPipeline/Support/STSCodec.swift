import SocketIO
import SpeechProtocol
import WireFormats

/// Turns the protocol's values into JSON values and back.
enum STSCodec {
  /// The JSON value of a payload.
  static func json(_ payload: some Encodable) throws -> JSONValue { try JSONValue(encoding: payload) }

  /// Reads a payload; throws an `STSViolation` (INVALID_CONFIG) that names the field.
  static func read<Payload: Decodable>(_ type: Payload.Type, from value: JSONValue?) throws(STSViolation) -> Payload {
    guard let value, case .object = value else { throw STSViolation(.invalidConfig, "the message is not a JSON object") }
    do {
      return try value.decoded(as: type)
    } catch let error as DecodingError {
      throw STSViolation(.invalidConfig, sentence(error, in: value))
    } catch {
      throw STSViolation(.invalidConfig, "the message cannot be read")
    }
  }

  private static func sentence(_ error: DecodingError, in value: JSONValue) -> String {
    func path(_ keys: [any CodingKey]) -> String {
      keys.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".").replacing(".[", with: "[")
    }
    switch error {
    case .keyNotFound(let key, let context): return "\(path(context.codingPath + [key])) is missing"
    case .valueNotFound(_, let context): return "\(path(context.codingPath)) is null"
    case .typeMismatch(let type, let context): return "\(path(context.codingPath)) must be \(name(of: type))"
    case .dataCorrupted(let context):
      let field = path(context.codingPath)
      // A number with a fraction, or too large, where a whole one belongs.
      if let (place, number) = misfit(in: value, []) {
        let range = STSLimits.range(of: place.last ?? "").map { " from \($0.lowerBound) to \($0.upperBound)" } ?? ""
        return "\(place.joined(separator: ".")) is \(LogText.shortest(number)), but must be a whole number\(range)"
      }
      return field.isEmpty ? "the message cannot be read" : "\(field) has a value that is not allowed"
    @unknown default: return "the message cannot be read"
    }
  }

  /// The first member that holds a number with a fraction although its field is a whole one.
  private static func misfit(in value: JSONValue, _ path: [String]) -> ([String], Double)? {
    for (key, member) in (value.objectValue ?? [:]).sorted(by: { $0.key < $1.key }) {
      if case .object = member, let inner = misfit(in: member, path + [key]) { return inner }
      let isWhole = STSLimits.range(of: key) != nil || key == "sequence_number"
      if isWhole, let number = member.doubleValue, member.intValue == nil { return (path + [key], number) }
    }
    return nil
  }

  private static func name(of type: any Any.Type) -> String {
    switch "\(type)" {
    case "Int": "a whole number"
    case "Double": "a number"
    case "String": "a text"
    case "Bool": "true or false"
    case let text where text.hasPrefix("Array"): "a list"
    default: "an object"
    }
  }
}
