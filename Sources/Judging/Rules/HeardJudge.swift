import Events
import MediaSync
import RunModel

/// That none of the segments heard is of some kind.
struct HeardJudge: RuleJudge {
  var hears: EventKinds { [.streams, .streamSamples] }
  let needed: Int
  let isWrong: @Sendable (HeardSegment) -> Bool
  let none: String
  private var heard = HeardFold()

  init(needed: Int, isWrong: @escaping @Sendable (HeardSegment) -> Bool, none: String) {
    self.needed = needed
    self.isWrong = isWrong
    self.none = none
  }

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    guard let segment = heard.note(event) else { return }
    file.note(heard.count.words)
    guard isWrong(segment) else { return }
    file.cite(event, "segment \(segment.segmentIndex): \(segment.words)")
    file.violate("segment \(segment.segmentIndex): \(segment.words)")
  }

  mutating func finish(_ file: inout CaseFile) {
    let (known, all) = (heard.placed, heard.segments.count)
    file.meet(
      "none of \(Figure.count(known, "segment")) \(none)\(HeardFold.rest(known, of: all))",
      unless: heard.shortage(file.context, needed: needed))
  }
}
