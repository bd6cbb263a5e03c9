import Events
import MCAP
import RunModel
import WireFormats

/// The events of a recording, in their order: all that can be read, and what cannot be.
package struct RecordedEvents: Sendable {
  /// What is missing in a recording.
  package struct Losses: Hashable, Sendable {
    /// How many events that were numbered are not there.
    package var events: UInt64 = 0
    /// How many scrapes rest on one that is missing.
    package var scrapes = 0
    /// How many messages are there and cannot be read.
    package var messages = 0
    /// What is wrong with the file, in words.
    package var damages: [String] = []

    /// Whether everything is there.
    package var isNone: Bool { self == Losses() }

    /// What is missing, as a sentence; nil where nothing is.
    package var sentence: String? {
      var parts: [String] = []
      if events > 0 { parts.append("\(events) events are missing") }
      if scrapes > 0 { parts.append("\(scrapes) scrapes rest on one that is missing and are not known") }
      if messages > 0 { parts.append("\(messages) messages cannot be read") }
      if let first = damages.first { parts.append("\(Figure.count(damages.count, "damaged place")): \(first)") }
      return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }
  }

  /// What the recording says of itself.
  package let head: RecordingHead
  /// The newest verdict that was met.
  package private(set) var verdict: VerdictMark?
  private var messages: MCAPMessages
  private var decoder: EventDecoder
  private var expected: UInt64 = 0
  private var last: EventNumber?
  private var missing: UInt64 = 0
  private var misplaced = 0
  private var damagesMet = 0

  /// Begins with the first event.
  /// - Throws: where it is no recording of dubwatch, or one of a newer version.
  package init(_ source: any MCAPSource, limits: MCAPLimits = MCAPLimits()) throws(Problem) {
    do {
      messages = try MCAPMessages(source, limits: limits)
      while let item = try messages.next() {
        guard case .metadata(let metadata) = item, metadata.name == RecordingHead.name else { continue }
        head = try RecordingHead(metadata)
        decoder = EventDecoder(head)
        return
      }
    } catch {
      throw Problem(recording: error)
    }
    throw Problem(.badInput, "this is no recording of dubwatch: it does not say which run it is of")
  }

  /// Whether the recording was written to its end. Known once all was read.
  package var isComplete: Bool { messages.isComplete }

  /// What was found missing so far.
  package var losses: Losses {
    Losses(
      events: missing, scrapes: decoder.scrapesLost, messages: decoder.unreadable + misplaced,
      damages: messages.damages.map(\.description))
  }

  /// The next event; nil at the end.
  package mutating func next() throws(Problem) -> EventEnvelope? {
    do throws(MCAPError) {
      while let item = try messages.next() {
        switch item {
        case .message(let message, let channel):
          if messages.damageCount != damagesMet {
            damagesMet = messages.damageCount
            decoder.breakOff()
          }
          guard let envelope = decoder.read(message, channel), isInOrder(envelope) else { continue }
          return envelope
        case .metadata(let metadata): verdict = VerdictMark(metadata) ?? verdict
        case .attachment: continue
        }
      }
      return nil
    } catch {
      throw Problem(recording: error)
    }
  }

  /// A history has each number once, in order: what says otherwise is no event of it.
  private mutating func isInOrder(_ envelope: EventEnvelope) -> Bool {
    if let last, envelope.number <= last {
      misplaced += 1
      return false
    }
    last = envelope.number
    if envelope.number.part == 0 {
      missing += envelope.sequence - min(expected, envelope.sequence)
      expected = envelope.sequence + 1
    }
    return true
  }

  /// A place to go on from later, without what is only kept for speed; nil inside a chunk.
  package func resting() -> RecordedEvents? {
    guard let messages = messages.resting() else { return nil }
    var copy = self
    copy.messages = messages
    return copy
  }
}

extension Problem {
  /// What is wrong with a recording.
  init(recording error: any Error) {
    if let problem = error as? Problem {
      self = problem
    } else if let error = error as? MCAPError {
      self.init(error.kind == .system ? .file : .badInput, error.description, cause: error)
    } else {
      self.init(.badInput, "\(error)", cause: error)
    }
  }
}
