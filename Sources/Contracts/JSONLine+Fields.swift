import Events
import WireFormats

extension JSONLine {
  /// The last member of a name; nil where there is none or it is null.
  func value(_ path: String, in line: UnsafeBufferPointer<UInt8>) -> FieldValue? {
    member(path, in: line).flatMap { Self.value(of: $0, in: line) }
  }

  /// A member as a field of a log line; nil for null.
  static func value(of member: Member, in line: UnsafeBufferPointer<UInt8>) -> FieldValue? {
    switch member.kind {
    case .string: .text(member.text(in: line))
    case .number: FieldValue.number(in: UnsafeBufferPointer(rebasing: line[member.range])).map(FieldValue.number)
    case .yes: .flag(true)
    case .no: .flag(false)
    case .null: nil
    }
  }
}
