/// What is really heard of a segment of a stream, by the marks in its picture and its sound.
package struct HeardSegment: Codable, Hashable, Sendable {
  /// In which voice its sound is.
  package enum Voice: String, Codable, Hashable, Sendable, CaseIterable {
    case dubbed, original
    /// Some marks in one voice, some in the other.
    case mixed
    /// No sound at all.
    case silent
    /// Its marks could not be read.
    case unknown
  }

  /// Whether the sound is that of the picture's segment.
  package enum Place: String, Codable, Hashable, Sendable, CaseIterable {
    /// It is.
    case own
    /// It is that of a segment that was heard before.
    case repeated
    /// It is that of another segment that was not heard before.
    case swapped = "out-of-order"
    /// It is none: its own marks are heard nowhere, nor those of another.
    case missing
    /// It cannot be told.
    case unknown
  }

  /// Which segment, counted as ``SyncMeasurement/segmentIndex``.
  package var segmentIndex: Int
  /// In which voice its sound is.
  package var voice: Voice
  /// Whether the sound is that of the picture's segment.
  package var place: Place
  /// The segment that is heard instead, where it is known.
  package var instead: Int?
  /// Whether its own sound is heard nowhere: lost.
  package var isLost: Bool
  /// How many marks its picture shows.
  package var marks: Int
  /// How many marks are heard in the dub's voice.
  package var dubbed: Int
  /// How many marks are heard in the original's voice.
  package var original: Int
  /// How far its sound lies behind its picture, by the marks that are the same: their median, in milliseconds. Nil where none are.
  package var offsetMilliseconds: Double?
  /// When each mark of its picture came whose number could be read; nil where nobody noted when packets came.
  package var arrivals: [MarkArrival]?

  /// What is heard of a segment.
  package init(
    segmentIndex: Int, voice: Voice, place: Place = .own, instead: Int? = nil, isLost: Bool = false, marks: Int, dubbed: Int = 0,
    original: Int = 0, offsetMilliseconds: Double? = nil, arrivals: [MarkArrival]? = nil
  ) {
    self.segmentIndex = segmentIndex
    self.voice = voice
    self.place = place
    self.instead = instead
    self.isLost = isLost
    self.marks = marks
    self.dubbed = dubbed
    self.original = original
    self.offsetMilliseconds = offsetMilliseconds
    self.arrivals = arrivals
  }

  /// Whether the dub of this very segment is heard.
  package var isDubbed: Bool { voice == .dubbed && place == .own }
  /// Whether its voice is known, silence included.
  package var isKnown: Bool { voice != .unknown }

  /// What is heard: `dubbed`, `original, not dubbed`, `segment 3 once more`.
  package var words: String {
    let other = instead.map { "segment \($0)" } ?? "another segment"
    switch place {
    case .repeated: return "\(other) once more" + (isLost ? ", its own sound is lost" : "")
    case .swapped: return "\(other), out of order"
    case .missing: return voice == .silent ? "silent, its sound is lost" : "its sound is lost"
    case .own, .unknown:
      switch voice {
      case .dubbed: return "dubbed"
      case .original: return "the original"
      case .mixed: return "\(dubbed) of \(dubbed + original) marks dubbed, the rest the original"
      case .silent: return "silent"
      case .unknown: return "not known, its marks cannot be read"
      }
    }
  }
}
