/// What the words and figures of a pane mean, for its help: each with its formula or source, its unit and its age.
struct Glossary {
  /// A word or a figure as the pane shows it, and what it means.
  struct Entry {
    let word: String
    let meaning: String

    init(_ word: String, _ meaning: String) {
      self.word = word
      self.meaning = meaning
    }
  }

  let entries: [Entry]

  init(_ entries: [Entry]) { self.entries = entries }

  /// What stands in several panes.
  static let shared = Glossary([
    Entry("stale, N s old", "the value is older than three intervals of its source: not what is so now"),
    Entry("not known", "nobody who could tell was read; it is never taken for good"),
    Entry("(inferred)", "concluded from something else that was seen, where no line of a log tells of it"),
  ])
}

extension Pane {
  /// What the pane's words mean; nil for one that has none of its own.
  var glossary: Glossary? { Self.glossaries[name] }

  private static let glossaries: [String: Glossary] = [
    "services": Glossary([
      .init("healthy", "the last health check was answered, and well by the contract; asked at each interval"),
      .init("failing, no answer", "the last check was answered badly, or not at all; the reason stands below"),
      .init("3 ms", "how long the last check took"),
      .init("52 s, seen 52 s", "how long the service is up by its own word; without one, how long it was seen"),
      .init("data moved", "when its data last moved, by metrics, paths or log: a good answer alone proves little"),
      .init("live/test/in", "a path of the media server with its bit rate, and the rate's course"),
    ]),
    "sync": Glossary([
      .init("content", "audio minus video of the marks in the content, in milliseconds: positive is late, negative is early"),
      .init("timestamps", "the same by time stamps alone, per segment: an error of the content does not show in them"),
      .init("service claims", "what the service itself says: a claim, measured by nobody else"),
      .init("p50 p95 max", "of the absolute values, over the span of the axis"),
      .init("drift", "slope of a line through the points since the last jump; nothing where they lie on no line"),
      .init("segments", "the last ten: inside or outside of the threshold; beside them how many of all scored ones are inside"),
    ]),
    "metrics": Glossary([
      .init("value", "of the newest scrape; sums over the series that the contract names for it"),
      .init("bars", "a counter's rate, another's value, each row from 0 to its own highest; a gap is no 0"),
      .init("+6.0/min", "mean increase a minute since dubwatch looks, or since the counter began again"),
      .init("p95, avg", "of a histogram's buckets since the service began: no closer than a bucket is wide"),
      .init("not exposed", "the contract names no series for it: nothing can be said"),
    ]),
    "breaker": Glossary([
      .init("CLOSED OPEN", "the state by the log's transitions; (gauge) where only the metric tells"),
      .init("2/5 failures", "failures in a row, and how many open it by the contract"),
      .init("half-open in", "the last failure and the contract's cooldown: earliest, it waits for a request then"),
      .init("lanes", "the state over time; empty where it was not known"),
      .init("gauge 1 = log open", "whether metric and log say the same; they are compared at every scrape"),
    ]),
    "backpressure": Glossary([
      .init("PAUSE, SLOW_DOWN", "what the speech service asked for last, and for how long it holds"),
      .init("in flight 2/3", "fragments under way by the gauge, and how many the session allows"),
      .init("paused 2.1 s", "how long the pause held; N SENT is what was sent in spite of it"),
      .init("drained 3→0", "fragments under way when it came, and the fewest while it held"),
      .init("min gap", "the shortest time between two sends while slow_down held"),
    ]),
    "reconnection": Glossary([
      .init("planned, formula", "the delay before the attempt, by the service's word or by the contract's formula"),
      .init("took", "from the loss, or the attempt before, to this attempt, by the times of its lines"),
      .init("+1 %", "how far that is off the plan; good within the contract's tolerance, which the lane shades"),
      .init("seq 0", "the first fragment of the new session: 0 is a fresh session"),
    ]),
    "events": Glossary([
      .init("#4711", "the event's number: the same in recordings, reports and plain lines"),
      .init("12:01:02.345", "when it happened by the run's clock; where a line has its own time, by that"),
      .init("raw logs", "every line of a service as written, also those that the contract does not know"),
      .init("N since you left", "rows that came while another window had the keyboard"),
    ]),
    "verdict": Glossary([
      .init("met, violated", "what the scenario expects, judged by evidence; zoomed, the evidence stands below"),
      .init("not known", "nobody could see it: never taken for met"),
      .init("pending", "neither yet: what decides it is still to come"),
      .init("wrong now", "alarms: since when, and which source says so; they go when it is over"),
    ]),
  ]
}
