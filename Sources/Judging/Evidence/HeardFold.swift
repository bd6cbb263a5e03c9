import Events
import MediaSync
import RunModel

/// What a judge has heard of the output's segments so far, and why that may not be enough.
struct HeardFold: Sendable {
  private(set) var segments: [HeardSegment] = []
  private(set) var count = HeardCount()
  private var content: ContentState?
  /// The first stream that segments were heard of: those of another are another pipeline's.
  private var stream: ServiceName?

  private static let limit = 100_000

  /// Takes in an event; the segment that it tells of.
  mutating func note(_ event: JudgedEvent) -> HeardSegment? {
    if case .sample(.stream(let sample)) = event.envelope.event, event.isOutput { content = sample.content }
    switch event.outputHappening {
    case .content(let state): content = state
    case .heard(let segment):
      let name = event.envelope.source.service
      stream = stream ?? name
      guard stream == name, segments.count < Self.limit else { return nil }
      segments.append(segment)
      count.add(segment)
      return segment
    default: break
    }
    return nil
  }

  /// Why nothing at all can be said of what is heard; nil when something can.
  func blindness(_ context: JudgeContext) -> Ignorance? {
    guard segments.isEmpty else { return segments.contains(where: \.isKnown) ? nil : Ignorance("no segment's marks could be read") }
    switch content {
    case nil: return Ignorance("no segment of an output stream was heard\(context.output.trouble)")
    case .off: return Ignorance("what is heard is not looked for: switched off, or the pipeline is faster than 4x")
    case .noMarks, .searching, .found, .outOfRange: return Ignorance("the stream carries no marks with a number")
    }
  }

  /// Why the segments heard cannot be told from those that the worker counts; nil when they can: both count from the stream's begin.
  func unaligned(_ context: JudgeContext) -> Ignorance? {
    guard let reading = stream.flatMap({ context.output.streams[$0] }) else { return nil }
    let unknown = "which of the worker's segments is heard is not known"
    switch context.join(reading) {
    // What was read before the run is not counted, but the stream's segments are.
    case .fromBegin where !reading.isJoined: break
    case .fromBegin, .late: return Ignorance("the stream was joined after its begin: \(unknown)")
    case .unknown: return Ignorance("whether the stream was read from its begin cannot be told: \(unknown)")
    }
    guard SegmentLength.agrees(context.segmentSeconds, over: (segments.map(\.segmentIndex).max() ?? 0) + 1) else {
      return Ignorance(
        "the worker's segments are \(Figure.seconds(context.segmentSeconds)) long, those heard "
          + "\(Figure.seconds(StreamAnalysis.segmentSeconds)): \(unknown)")
    }
    if let restart = context.disturbances.restarts.first(where: { $0.service == context.worker }) {
      return Ignorance("\(restart.service) began to count anew (\(restart.evidence)): which of its segments is heard is not known")
    }
    return nil
  }

  /// Of how many it is known where their sound belongs.
  var placed: Int { segments.count { $0.place != .unknown } }

  /// Why it is not known of the rest of the stream; nil where most of what came out was heard.
  func shortage(_ context: JudgeContext, needed: Int) -> Ignorance? {
    if let blind = blindness(context) { return blind }
    let known = placed
    guard known >= needed else {
      return Ignorance("of only \(known) of the \(needed) segments needed it is known where their sound belongs")
    }
    return tooFew(known, context).map { Ignorance($0) }
  }

  /// What is to be added to a count of those that are known: ", 1 not known"; nothing where all are.
  static func rest(_ known: Int, of all: Int) -> String { known < all ? ", \(all - known) not known" : "" }

  /// Why so many segments of the stream are too few to say anything of all of them; nil when they are not.
  func tooFew(_ known: Int, _ context: JudgeContext) -> String? {
    stream.flatMap { context.tooFew(known, of: $0) }
  }
}
