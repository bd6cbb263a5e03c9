import Contracts
import Events
import RunModel
import WireFormats

// What recordings of older versions do not say of the types in their events. A field that comes is optional, or has a row here: no event is
// lost for it.

extension Happening: FieldDefaults {
  package static let fieldDefaults: [String: JSONValue] = ["isPast": .bool(false), "isSequel": .bool(false)]
}

extension SourceStatus: FieldDefaults {
  package static let fieldDefaults: [String: JSONValue] = ["hasAnswered": .bool(false)]
}

extension MediaPath: FieldDefaults {
  package static let fieldDefaults: [String: JSONValue] = ["isSlate": .bool(false)]
}

extension Thresholds: FieldDefaults {
  package static let fieldDefaults = JSONValue.members(of: Thresholds())
}

extension Contract: FieldDefaults {
  package static let fieldDefaults = JSONValue.members(of: Contract(name: "", summary: ""), but: ["name", "summary"])
}

extension RunDescription: FieldDefaults {
  package static let fieldDefaults: [String: JSONValue] = [
    "expectations": .array([]), "faults": .array([]), "localUTCOffsetSeconds": .integer(0), "sources": .array([]), "speed": .integer(1),
  ]
}
