import Events
import MediaSync

/// What is known of one publisher.
package struct PublisherTrack: Codable, Sendable {
  /// How it said it stands, while it publishes; nil before its first word and after its end.
  package private(set) var sample: Timed<PublisherSample>?
  /// How it ended; nil while it has not.
  package private(set) var end: Timed<PublisherHappening>?

  init() {}

  /// Whether it came to the end of its file, as asked for.
  package var hasFinished: Bool {
    if case .finished = end?.value { return true }
    return false
  }

  mutating func note(_ new: PublisherSample, at instant: RunInstant) {
    // One that has sent nothing yet is still connecting: until then it counts as what it was before.
    guard new.mediaSeconds > 0 || end == nil else { return }
    end = nil
    sample = Timed(new, at: instant)
  }

  mutating func note(_ happening: PublisherHappening, at instant: RunInstant) {
    switch happening {
    case .started: end = nil
    case .looped: break
    case .stopped, .finished, .failed:
      // What it did last is no longer what it does.
      sample = nil
      end = Timed(happening, at: instant)
    }
  }
}

extension RunState {
  /// Whether nothing more is to come out: false while the publisher has come to its end and a stream other than an input still gives
  /// something, or did within the last 10 s.
  package var hasOutputEnded: Bool {
    guard publishers.values.contains(where: \.hasFinished) else { return true }
    return streams.all.allSatisfy { stream in
      stream.opened == nil || stream.name.isInputStream || (stream.sample?.value.silentSeconds ?? 0) >= 10
    }
  }
}
