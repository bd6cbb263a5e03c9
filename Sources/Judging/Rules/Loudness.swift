import Events
import MediaSync
import RunModel

/// How loud the output is, as EBU R128 measures it.
struct Loudness: Rule {
  private static let target = RuleField("target_lufs", .number(-70...0, unit: "LUFS"), .value(.number(-23)), "how loud it shall be")
  private static let within = RuleField(
    "within_lu", .number(0.1...40, unit: "LU"), .value(.number(1)), "how far from it the whole of it may lie: 1 for what is live")

  static let name = "loudness"
  static let summary = "The output as a whole is as loud as it should be: its integrated loudness by EBU R128."
  static let fields = [target, within]
  static let witnesses: [Witness] = [.outputStream]
  static let floor =
    "10 s of sound of each output stream that was listened to, some of it above the gate of -70 LUFS, and none before "
    + "the run, which could not be told apart; off above 4x"

  /// How much sound a loudness takes, in seconds.
  private static let leastSeconds = 10.0

  let target: Double
  let within: Double

  init(_ values: RuleValues) throws(RuleMistake) {
    target = try values.number(Self.target)
    within = try values.number(Self.within)
  }

  var sentence: String { "the output is \(Figure.text(target)) LUFS loud, within \(Figure.text(within)) LU" }

  func judge() -> any RuleJudge { Judge(rule: self) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.streamSamples] }
    let rule: Loudness
    private var found: [ServiceName: Found] = [:]

    private struct Found: Sendable {
      var quality = StreamQuality()
      /// What readers before this one came to.
      var earlier = LoudnessSum()
      /// Whether some of it was heard before the run: a loudness is of all since the stream was opened.
      var isOfBefore = false

      var loudness: Double? {
        var whole = earlier
        if let lufs = quality.integratedLUFS { whole.add(lufs, seconds: quality.soundSeconds) }
        return whole.integrated
      }

      mutating func note(_ new: StreamQuality) {
        // A reader that began anew counts from 0.
        if new.soundSeconds < quality.soundSeconds, let lufs = quality.integratedLUFS { earlier.add(lufs, seconds: quality.soundSeconds) }
        quality = new
      }
    }

    init(rule: Loudness) { self.rule = rule }

    mutating func noteBefore(_ event: JudgedEvent, _ context: JudgeContext) {
      guard case .sample(.stream(let sample)) = event.envelope.event, event.isOutput, let quality = sample.quality else { return }
      found[event.envelope.source.service, default: Found()].note(quality)
      if quality.integratedLUFS != nil { found[event.envelope.source.service]?.isOfBefore = true }
    }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      guard case .sample(.stream(let sample)) = event.envelope.event, event.isOutput, let quality = sample.quality else { return }
      let stream = event.envelope.source.service
      found[stream, default: Found()].note(quality)
      if found[stream]?.isOfBefore == false, let loudness = found[stream]?.loudness { file.note("\(Figure.text(loudness)) LUFS so far") }
    }

    mutating func finish(_ file: inout CaseFile) {
      let names = Set(found.keys).union(file.context.output.read).sorted()
      guard !names.isEmpty else { return file.leave("no output stream was read\(file.context.output.trouble)") }
      var texts: [String] = []
      for name in names {
        let seconds = file.context.output.streams[name]?.looked.sound ?? 0
        guard let heard = found[name], seconds >= Loudness.leastSeconds, let loudness = heard.loudness else {
          return file.leave("\(name): how loud it is is not known: less than 10 s of sound were listened to, or all of it was silent")
        }
        guard !heard.isOfBefore else {
          return file.leave("\(name): how loud it is in the run is not known: it was heard before, and its loudness is of all of it")
        }
        let text = "\(name) is \(Figure.text((loudness * 10).rounded() / 10)) LUFS loud"
        guard abs(loudness - rule.target) <= rule.within else {
          return file.violate("\(text), not \(Figure.text(rule.target)) within \(Figure.text(rule.within)) LU")
        }
        texts.append(text)
      }
      file.meet(texts.joined(separator: "; "))
    }
  }
}
