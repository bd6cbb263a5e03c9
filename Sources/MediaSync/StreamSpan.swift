import WireFormats

/// A time in which a stream showed or said nothing: no sound, no light, or no change of the picture.
package struct StreamSpan: Codable, Hashable, Sendable {
  /// What there was none of.
  package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
    /// No sound above -50 dB of full scale.
    case silence
    /// A picture without a light point.
    case black
    /// A picture that does not change, and is not black.
    case freeze
  }

  /// What there was none of.
  package var kind: Kind
  /// Since when, in seconds on the stream's axis.
  package var fromPTS: Double
  /// For how long, as far as it is known, in seconds.
  package var seconds: Double
  /// Whether it has ended; else it goes on.
  package var isOver: Bool

  /// A time in which a stream showed or said nothing.
  package init(_ kind: Kind, fromPTS: Double, seconds: Double, isOver: Bool) {
    self.kind = kind
    self.fromPTS = fromPTS
    self.seconds = seconds
    self.isOver = isOver
  }

  /// `silent for 6.1 s`, `the picture stands still`.
  package var words: String {
    let length = isOver ? " for \(NumberText.fixed(seconds, 1)) s" : ""
    return switch kind {
    case .silence: "silent\(length)"
    case .black: "the picture is black\(length)"
    case .freeze: "the picture stands still\(length)"
    }
  }
}

extension StreamSpan.Kind {
  /// From how many seconds on it is told. The test stream is silent for 2.4 s between two beeps; a cut through black lasts less than a
  /// second, and a picture that stands still for two is ffmpeg's own default (`freezedetect`).
  package var leastSeconds: Double {
    switch self {
    case .silence: 3
    case .black: 1
    case .freeze: 2
    }
  }

  /// "silent", "black", "frozen": of a stream.
  package var adjective: String {
    switch self {
    case .silence: "silent"
    case .black: "black"
    case .freeze: "frozen"
    }
  }

  /// Whether it is of the sound; else it is of the picture.
  package var isOfSound: Bool { self == .silence }
}

/// How much of a stream was looked at, and how loud it is.
package struct StreamQuality: Codable, Hashable, Sendable {
  /// How much of its picture was looked at, in seconds.
  package var pictureSeconds = 0.0
  /// How much of its sound was listened to, in seconds.
  package var soundSeconds = 0.0
  /// Its loudness since it was first opened, over all openings, gated as EBU R128 has it, in LUFS; nil where there was none above the gate of -70.
  package var integratedLUFS: Double?
  /// The loudness of its last 400 ms, in LUFS; nil for silence.
  package var momentaryLUFS: Double?

  /// Nothing was looked at.
  package init() {}
}
