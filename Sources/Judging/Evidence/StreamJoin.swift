import Events
import MediaSync
import RunModel

/// How much of a stream came before it was read.
enum StreamJoin: Hashable, Sendable {
  /// Nothing.
  case fromBegin
  /// So many seconds.
  case late(seconds: Double)
  /// It cannot be told; so many seconds at most, nil where not even that is known.
  case unknown(atMost: Double?)

  /// What is late by no more than this, in seconds, was there from the begin: a first picture may be shown some frames after the stream's.
  static let slack = 0.1
}

extension JudgeContext {
  /// How much of an output stream came before it was read.
  func join(_ reading: OutputWitness.Reading) -> StreamJoin {
    // It was read already when the run began: nothing of the run came before.
    if reading.isJoined { return .fromBegin }
    // Only FLV counts from its stream's begin.
    if let container = reading.sample?.facts?.container, container.contains("flv"), let first = reading.firstPTS {
      return first > StreamJoin.slack ? .late(seconds: first) : .fromBegin
    }
    // Our own origin gives a reader that waited all from the begin; others give what comes from then on.
    if isEmbedded, reading.wasAwaited { return .fromBegin }
    guard let opened = reading.openedAt, let begin = input.startedAt else { return .unknown(atMost: nil) }
    // Nothing comes out before something goes in.
    return .unknown(atMost: max(0, opened.seconds(since: begin)))
  }
}
