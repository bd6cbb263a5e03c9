/// What is heard of several segments, counted.
package struct HeardCount: Codable, Hashable, Sendable {
  /// All that were told of.
  package private(set) var segments = 0
  /// Those whose own dub is heard.
  package private(set) var dubbed = 0
  /// Those whose own original is heard.
  package private(set) var original = 0
  /// Those of which some is dub and some original.
  package private(set) var mixed = 0
  /// Those without a sound.
  package private(set) var silent = 0
  /// Those in which another segment is heard once more.
  package private(set) var repeated = 0
  /// Those in which another segment is heard that was not heard before.
  package private(set) var swapped = 0
  /// Those whose own sound is heard nowhere.
  package private(set) var lost = 0
  /// Those that are not known.
  package private(set) var unknown = 0

  /// A count of segments.
  package init(_ segments: some Sequence<HeardSegment> = []) {
    for segment in segments { add(segment) }
  }

  /// Counts one more.
  package mutating func add(_ segment: HeardSegment) {
    segments += 1
    if segment.isLost { lost += 1 }
    switch segment.place {
    case .repeated: repeated += 1
    case .swapped: swapped += 1
    case .own, .missing, .unknown:
      switch segment.voice {
      case .dubbed: dubbed += 1
      case .original: original += 1
      case .mixed: mixed += 1
      case .silent: silent += 1
      case .unknown: unknown += 1
      }
    }
  }

  /// `14 of 20 dubbed, 5 original, 1 repeated`; what there is none of is left out.
  package var words: String {
    guard segments > 0 else { return "not known: no marks with a number" }
    let rest = [
      (original, "original"), (mixed, "mixed"), (silent, "silent"), (repeated, "repeated"), (swapped, "out of order"), (lost, "lost"),
      (unknown, "not known"),
    ]
    return (["\(dubbed) of \(segments) dubbed"] + rest.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }).joined(separator: ", ")
  }
}
