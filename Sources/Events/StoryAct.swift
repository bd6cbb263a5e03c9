/// A part of what a demo shows: what happens, where it is seen, and what should follow. Words for people; nothing is judged by it.
package struct StoryAct: Codable, Hashable, Sendable {
  /// When it begins, in seconds of the run since its script began.
  package var at: Double
  /// What happens, as a sentence without a full stop.
  package var words: String
  /// The name of the pane to watch: `breaker`.
  package var pane: String
  /// What should follow, as a sentence without a full stop.
  package var follows: String
  /// The highest speed at which it can be seen, in seconds of the run in one second; nil for any.
  package var maxSpeed: Double?

  /// A part of a demo.
  package init(at seconds: Double, _ words: String, watch pane: String, _ follows: String, maxSpeed: Double? = nil) {
    at = seconds
    self.words = words
    self.pane = pane
    self.follows = follows
    self.maxSpeed = maxSpeed
  }

  /// The act in one line, for whoever sees no pane: "act 3 of 7: the speech service is away for 5 s; the attempt after 2 s fails".
  package func sentence(number: Int, of count: Int, speed: Double) -> String {
    "act \(number) of \(count): \(words); \(expected(speed: speed))"
  }

  /// What should follow at a speed; where it is too fast to be seen, that.
  package func expected(speed: Double) -> String {
    guard let maxSpeed, speed > maxSpeed else { return follows }
    return "not to be seen at this speed, only up to \(Figure.text(maxSpeed))x"
  }
}
