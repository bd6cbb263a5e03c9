import Events
import MediaSync

/// What demos tell of while they go on: what happens, which pane to watch, what should follow.
extension DemoScript {
  private static let healthy = StoryAct(
    at: 0, "each segment of the test stream goes to the speech service and comes back", watch: "metrics",
    "sent and processed rise together")
  private static let inStep = StoryAct(
    at: 0, "sound and picture are in step", watch: "sync", "the content offset stays near 0", maxSpeed: ContentState.speedLimit)

  private static func sound(at seconds: Double, _ words: String, _ follows: String) -> StoryAct {
    StoryAct(at: seconds, words, watch: "sync", follows, maxSpeed: ContentState.speedLimit)
  }

  static let everythingActs = [
    healthy,
    StoryAct(
      at: 9, "the speech service asks for less: slow_down, then pause, then neither", watch: "backpressure",
      "the worker waits before each send, then sends nothing, then goes on"),
    StoryAct(
      at: 23, "the speech service is away for 5 s", watch: "reconnection", "the attempt after 2 s fails, the one 4 s later is answered"),
    StoryAct(
      at: 36, "the speech service fails five fragments", watch: "breaker",
      "the fifth failure opens the breaker; 30 s later it tries again, and closes"),
    sound(at: 74, "the sound drifts off by 6 ms a second", "past 120 ms late after 20 s, and right again after 32 s"),
    StoryAct(
      at: 116, "answers take 9 s longer, more than the worker waits", watch: "metrics", "fragments time out, and fallbacks rise"),
    StoryAct(
      at: 140, "the worker crashes and is started again after 5 s", watch: "services",
      "no answer, then a restart; its counters begin at 0"),
  ]

  static let fullPipelineActs = [
    StoryAct(
      at: 0, "a clean minute: the test stream is dubbed segment by segment", watch: "metrics",
      "ten sent, ten processed, none left in flight")
  ]

  static let circuitBreakerActs = [
    healthy,
    StoryAct(
      at: 8, "the speech service fails five fragments", watch: "breaker",
      "the fifth failure opens the breaker; 30 s later it tries again, and closes"),
  ]

  static let backpressureActs = [
    StoryAct(
      at: 0, "answers take 20 s, and four fragments may be under way", watch: "backpressure",
      "three bring slow_down, four a pause; what waits is sent when it is taken back")
  ]

  static let reconnectionActs = [
    healthy,
    StoryAct(
      at: 14, "the speech service is away for 48 s", watch: "reconnection",
      "attempts after 2, 4, 8, 16 and 32 s; the fifth is answered"),
  ]

  static let avSyncActs = [
    inStep,
    sound(at: 40, "the sound is 80 ms late", "within the 120 ms that are allowed; time stamps show nothing"),
    sound(at: 64, "the sound is 200 ms late", "segments are outside of what is allowed; time stamps show nothing"),
    sound(at: 88, "the sound is 150 ms early", "segments are outside on the other side"),
    sound(at: 112, "the sound is right again", "the content offset is back near 0"),
  ]

  static let avDriftActs = [
    inStep, sound(at: 36, "the sound drifts off by 4 ms a second", "past 120 ms late after 30 s; time stamps show nothing"),
    sound(at: 81, "the sound is put right", "the content offset is back near 0"),
  ]
}
