import Events
import MediaSync

/// How long after it was sent each segment came out of each output stream, told as soon as both times are known.
package struct DelayFold: Codable, Sendable {
  /// A segment's delay, and when it was told.
  package struct Told: Codable, Sendable {
    /// The output stream.
    package var stream: ServiceName
    /// How long it took.
    package var delay: SegmentDelay
    /// When it was told what is heard of the segment.
    package var at: RunInstant
  }

  private struct Waiting: Codable, Sendable {
    var stream: ServiceName
    var segment: HeardSegment
    var at: RunInstant
    /// When the segment before it was sent, as far as it was known then.
    var after: Double?
  }

  /// Whose marks a clock tells of.
  private enum Origin: Codable, Hashable, Sendable {
    /// Those that go into a pipeline: where its streams lie.
    case place(String)
    /// Those of a publisher that does not say where to.
    case publisher(ServiceName)
  }

  /// When marks are sent.
  private var clocks: [Origin: MarkClock] = [:]
  /// Where each publisher publishes to.
  private var targets: [ServiceName: String] = [:]
  /// The outputs that are read.
  private var outputs: Set<ServiceName> = []
  /// When the newest segment of each was sent of which that is known, in seconds on the run's axis.
  private var newest: [ServiceName: Double] = [:]
  private var waiting: [Waiting] = []

  /// How many segments may wait for what is still to be told of the input.
  private static let mostWaiting = 16
  private static let mostClocks = 64

  package init() {}

  /// Whether anything is known of when an output's marks are sent.
  package func knowsSends(of output: ServiceName) -> Bool { clock(of: output) != nil }

  /// Takes in an event; the delays that are known by it.
  package mutating func note(_ envelope: EventEnvelope) -> [Told] {
    let stream = envelope.source.service
    if envelope.source.kind == .stream, !stream.isInputStream, outputs.count < Self.mostClocks { outputs.insert(stream) }
    switch envelope.event {
    case .sample(.publisher(let sample)):
      update(targets[stream].map { .place($0) } ?? .publisher(stream)) { $0.note(sample, at: envelope.instant.seconds) }
      return []
    case .happening(let happening):
      switch happening.kind {
      case .publisher(.started(let target)):
        if targets.count < Self.mostClocks || targets[stream] != nil { targets[stream] = Self.place(of: target) }
        return []
      case .stream(.heard(let segment)):
        guard segment.arrivals?.isEmpty == false else { return [] }
        if stream.isInputStream {
          update(.place(Self.place(of: stream.text))) { $0.note(sent: segment) }
        } else {
          waiting.append(Waiting(stream: stream, segment: segment, at: envelope.instant, after: newest[stream]))
        }
      default: return []
      }
    default: return []
    }
    return settle()
  }

  private mutating func settle() -> [Told] {
    var told: [Told] = []
    var rest: [Waiting] = []
    for item in waiting {
      if let delay = clock(of: item.stream)?.delay(of: item.segment, after: item.after) {
        told.append(Told(stream: item.stream, delay: delay, at: item.at))
      } else {
        rest.append(item)
      }
    }
    waiting = rest.suffix(Self.mostWaiting)
    for one in told { newest[one.stream] = max(newest[one.stream] ?? one.delay.sentAt, one.delay.sentAt) }
    return told
  }

  private mutating func update(_ origin: Origin, _ change: (inout MarkClock) -> Void) {
    if clocks.count < Self.mostClocks || clocks[origin] != nil { change(&clocks[origin, default: MarkClock()]) }
  }

  /// The clock of what goes into an output's pipeline: that of its own place, else that of the only publisher where this is the only output.
  private func clock(of output: ServiceName) -> MarkClock? {
    if let own = clocks[.place(Self.place(of: output.text))], own.knowsSends { return own }
    let published = clocks.values.filter(\.isPublished)
    return outputs.count <= 1 && published.count == 1 ? published.first : nil
  }

  /// Where the streams of a pipeline lie: the path of one of them without its last part. `live/test` of `live/test/in`, of `live/test/out` and
  /// of `rtsp://host:8554/live/test/in`.
  private static func place(of text: String) -> String {
    let path = text.prefix { $0 != "?" && $0 != "#" }
    let parts = path.split(separator: "/")
    let isURL = parts.first?.hasSuffix(":") == true && path.contains("://")
    return parts.dropFirst(isURL ? 2 : 0).dropLast().joined(separator: "/")
  }
}
