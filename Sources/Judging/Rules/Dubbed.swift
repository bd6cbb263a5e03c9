import Contracts
import Events
import MediaSync
import RunModel

/// What is really heard is the dub: by the marks in the output, whatever the worker counts.
struct Dubbed: Rule {
  /// Of which segments.
  enum Segments: String, Sendable, CaseIterable {
    /// Of each that is heard.
    case all
    /// Of those that the worker tells of as dubbed; of those that it tells of as original the original must be heard.
    case told
    /// Of those that come out more than one segment after a session of the speech service opened, until it is lost.
    case sessions
  }

  private static let of = RuleField.word(
    "of", Segments.self, .value(.text(Segments.all.rawValue)),
    "each segment; or each as the worker tells of it, so that exactly the others are original; or those from one segment after each session on"
  )
  private static let share = RuleField("share", .number(0.001...1, unit: ""), .value(.number(1)), "the share of them that must be so")
  private static let needed = RuleField(
    "segments", .integer(1...1_000_000, unit: "segments"), .value(.number(1)), "how many must be heard at least")

  static let name = "dubbed"
  static let summary = "The dub is really heard, by the numbers and the voice of the marks in the output's sound."
  static let fields = [of, share, needed]
  static let witnesses: [Witness] = [.outputStream, .workerLog([.segmentOut])]
  static let floor =
    "as many heard segments as segments says; of all, most of those that went in while the stream was read; of told and sessions, most of "
    + "those meant, of told one at least of each kind that the worker tells of, the worker's log, understood from begin to end, a stream "
    + "that was read from its begin, and segments of the worker that are as long as those heard, 6 s"

  let segments: Segments
  let share: Double
  let needed: Int

  init(_ values: RuleValues) throws(RuleMistake) {
    segments = try values.word(Self.of)
    share = try values.number(Self.share)
    needed = try values.integer(Self.needed)
  }

  var sentence: String {
    let part = share < 1 ? Figure.percent(share) + " of " : ""
    return switch segments {
    case .all: "\(part)every segment is heard dubbed"
    case .told: "\(part)what is heard is what the worker tells: dubbed or original"
    case .sessions: "\(part)every segment from one after each session on is heard dubbed"
    }
  }

  func judge() -> any RuleJudge { Judge(rule: self) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { rule.segments == .all ? [.streams, .streamSamples] : [.streams, .streamSamples, .segments, .connection] }
    let rule: Dubbed
    private var heard = HeardFold()
    /// What the worker told of each segment, and when.
    private var told: [Int: (isDubbed: Bool, at: RunInstant)] = [:]
    private var sessions: [(from: RunInstant, to: RunInstant?)] = []

    init(rule: Dubbed) { self.rule = rule }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      if let segment = heard.note(event) {
        if !Self.isHeard(.dubbed, segment) { file.cite(event, "segment \(segment.segmentIndex): \(segment.words)") }
        file.note(heard.count.words)
      }
      guard rule.segments != .all else { return }
      switch event.connection(file.context) {
      case .segment(let segment) where segment.direction == .output:
        guard let index = segment.index, let isDubbed = segment.isDubbed else { return }
        if told[index] == nil { told[index] = (isDubbed, event.at) }
      case .sessionOpened: sessions.append((event.at, nil))
      case .speechDisconnected: if let last = sessions.indices.last, sessions[last].to == nil { sessions[last].to = event.at }
      default: break
      }
    }

    mutating func finish(_ file: inout CaseFile) {
      let context = file.context
      if let blind = heard.blindness(context) { return file.leave(blind) }
      if rule.segments != .all {
        if let deaf = context.deaf(to: [.segmentOut]) ?? heard.unaligned(context) { return file.leave(deaf) }
        if rule.segments == .sessions, sessions.isEmpty { return file.leave("no session of the speech service was seen to open") }
      }
      if !context.isEmbedded, heard.count.dubbed + heard.count.mixed == 0 {
        return file.leave("no dub is heard at all (\(heard.count.words)): whether the speech service dubs, or echoes, is not known")
      }
      let judged = heard.segments.filter { isMeant($0, context) }
      let known = judged.filter(\.isKnown)
      let good = known.filter(isGood)
      let wrong = known.filter { !isGood($0) }
      let which = wrong.prefix(3).map { "segment \($0.segmentIndex) is \($0.words)\(claim($0))" }.joined(separator: "; ")
      let more = wrong.count > 3 ? " and \(wrong.count - 3) more" : ""
      let text =
        "\(good.count) of \(known.count) segments \(words)\(HeardFold.rest(known.count, of: judged.count))"
        + (wrong.isEmpty ? "" : ": \(which)\(more)")
      // What is wrong already is wrong however many more there are.
      let allowed = Int(((1 - rule.share) * Double(max(known.count, rule.needed)) + 1e-9).rounded(.down))
      if wrong.count > allowed, known.count >= min(rule.needed, 2) { return file.violate(text, unless: nil) }
      guard known.count >= rule.needed else {
        return file.leave("only \(known.count) of the \(rule.needed) segments needed were heard (\(text))")
      }
      if let few = tooFew(known, of: judged, context) { return file.leave("\(few) (\(text))") }
      file.meet(text)
    }

    /// Why so many are too few to say anything of all that are meant; nil when they are not.
    private func tooFew(_ known: [HeardSegment], of judged: [HeardSegment], _ context: JudgeContext) -> String? {
      if rule.segments == .all { return heard.tooFew(known.count, context) }
      if Double(known.count) < (JudgeContext.measuredShare * Double(judged.count)).rounded(.down) {
        return "only \(known.count) of the \(judged.count) segments meant were heard"
      }
      guard rule.segments == .told else { return nil }
      for kind in [false, true] where told.values.contains(where: { $0.isDubbed == kind }) {
        guard !known.contains(where: { told[$0.segmentIndex]?.isDubbed == kind }) else { continue }
        return "of the segments that the worker tells of as \(kind ? "dubbed" : "original") none was heard"
      }
      return nil
    }

    private var words: String {
      switch rule.segments {
      case .all: "are heard dubbed"
      case .told: "are heard as the worker tells"
      case .sessions: "from one after each session on are heard dubbed"
      }
    }

    private func claim(_ segment: HeardSegment) -> String {
      guard rule.segments == .told, let told = told[segment.segmentIndex] else { return "" }
      return ", told of as \(told.isDubbed ? "dubbed" : "original")"
    }

    private func isMeant(_ segment: HeardSegment, _ context: JudgeContext) -> Bool {
      switch rule.segments {
      case .all: return true
      case .told: return told[segment.segmentIndex] != nil
      case .sessions:
        guard let at = told[segment.segmentIndex]?.at else { return false }
        return sessions.contains { session in
          at.seconds(since: session.from) > context.segmentSeconds + context.schedulerAllowance && session.to.map { at < $0 } ?? true
        }
      }
    }

    private func isGood(_ segment: HeardSegment) -> Bool {
      let isOriginal = rule.segments == .told && told[segment.segmentIndex]?.isDubbed == false
      return Self.isHeard(isOriginal ? .original : .dubbed, segment)
    }

    /// Whether a segment is heard in a voice, and is no other segment's for all that is known: its number in the picture may be covered.
    private static func isHeard(_ voice: HeardSegment.Voice, _ segment: HeardSegment) -> Bool {
      segment.voice == voice && (segment.place == .own || segment.place == .unknown)
    }
  }
}
