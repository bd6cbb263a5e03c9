/// When each mark was sent into the pipeline, by our publisher's own words or by an input stream that is read; and from that how long after
/// it a mark comes out.
///
/// A mark's number comes again with each loop of the fixture: which time it was, is unambiguous within ``HeardTracker/reach``. A number that
/// was sent more than once in that time and the loop before it says nothing by itself: it may come out a whole loop later. Where the publisher's
/// begin was seen the order of the stream decides: nothing comes out that was sent long before what came out before it.
package struct MarkClock: Codable, Hashable, Sendable {
  private struct Sample: Codable, Hashable, Sendable {
    var at: Double
    var media: Double
  }

  private struct Sent: Codable, Hashable, Sendable {
    var number: Int
    var at: Double
  }

  /// How much media is told of beside a mark at most, in seconds: the publisher tells once a second how far it is.
  private static let near = 3.0
  /// How far a publisher's word may lie behind what it sends, in seconds.
  private static let ahead = 0.5
  /// How long before it was sent a mark may seem to come out, in seconds: what both times are uncertain by.
  private static let early = 0.25
  /// How far apart the delays of a segment's marks may lie, in seconds: all of them came with the same packets.
  private static let spread = 0.3
  /// How long before what came out before it a segment may have been sent, in seconds: two segments that change places.
  private static let disorder = 12.0
  private static let keptSamples = 1200
  private static let keptStarts = 8
  /// What no publisher has sent, in seconds: thirty years.
  private static let longest = 1e9

  /// What each start of the publisher told, the newest last.
  private var starts: [[Sample]] = []
  /// Whether each start was seen from its begin on.
  private var sawBegins = true
  private var sent: [Sent] = []

  /// A clock that knows of no mark.
  package init() {}

  /// Whether anything is known of when marks are sent.
  package var knowsSends: Bool { !sent.isEmpty || !starts.isEmpty }
  /// Whether a publisher told of it.
  package var isPublished: Bool { !starts.isEmpty }

  /// Our publisher says how far it is.
  /// - Parameter seconds: when, on the run's axis.
  package mutating func note(_ sample: PublisherSample, at seconds: Double) {
    guard sample.mediaSeconds > 0, sample.mediaSeconds < Self.longest else { return }
    if starts.last?.last.map({ sample.mediaSeconds < $0.media }) ?? true {
      starts.append([])
      if sample.mediaSeconds > Self.near { sawBegins = false }
    }
    if starts.count > Self.keptStarts { starts.removeFirst() }
    let last = starts.count - 1
    starts[last].append(Sample(at: seconds, media: sample.mediaSeconds))
    if starts[last].count > Self.keptSamples { starts[last].removeFirst(Self.keptSamples / 4) }
  }

  /// What was seen of an input stream.
  package mutating func note(sent segment: HeardSegment) {
    sent += (segment.arrivals ?? []).map { Sent(number: $0.number, at: $0.seconds) }
    if sent.count > Self.keptSamples { sent.removeFirst(sent.count - Self.keptSamples) }
  }

  /// How long after it was sent a segment came out; nil where it is not known.
  /// - Parameter last: when the segment before it of the same stream was sent (``SegmentDelay/sentAt``), in seconds on the run's axis; nil where
  ///   that is not known.
  package func delay(of segment: HeardSegment, after last: Double? = nil) -> SegmentDelay? {
    let oldest = sawBegins && isPublished ? last.map { $0 - Self.disorder } ?? -.infinity : -.infinity
    let reach = HeardTracker.reach + MarkRhythm.standard.periodSeconds
    let known = (segment.arrivals ?? []).compactMap { mark -> (sent: Double, delay: Double)? in
      let found = times(of: mark.number).filter { $0 >= oldest && mark.seconds - $0 > -Self.early && mark.seconds - $0 < reach }
      guard found.count == 1, let sent = found.first, mark.seconds - sent < HeardTracker.reach else { return nil }
      return (sent, mark.seconds - sent)
    }
    let delays = known.map(\.delay).sorted()
    guard delays.count >= HeardTracker.leastMarks, let first = delays.first, let longest = delays.last, longest - first <= Self.spread,
      let sentAt = known.map(\.sent).min()
    else { return nil }
    // What seems to come out before it was sent is no more than what both times are uncertain by.
    return SegmentDelay(
      segmentIndex: segment.segmentIndex, seconds: max(0, delays[delays.count / 2]), marks: delays.count, sentAt: sentAt)
  }

  /// When a mark of this number was sent, each time that is known. Of an input that is read what was seen counts, else what the publisher says.
  private func times(of number: Int) -> [Double] {
    guard sent.isEmpty else { return sent.filter { $0.number == number }.map(\.at) }
    let rhythm = MarkRhythm.standard
    guard rhythm.times.indices.contains(number) else { return [] }
    return starts.flatMap { samples -> [Double] in
      guard let newest = samples.last?.media, let oldest = samples.first.map({ max($0.media, newest - 10 * rhythm.periodSeconds) }) else {
        return []
      }
      let first = max(0, ((oldest - Self.near - rhythm.times[number]) / rhythm.periodSeconds).rounded(.up))
      return stride(from: first * rhythm.periodSeconds + rhythm.times[number], through: newest + Self.ahead, by: rhythm.periodSeconds)
        .compactMap { media in
          // What it says is never early, and late by what the machine was busy with: the least says most.
          samples.filter { abs($0.media - media) <= Self.near }.map { $0.at - $0.media }.min().map { $0 + media }
        }
    }
  }
}

/// When a mark's picture came from a stream.
package struct MarkArrival: Codable, Hashable, Sendable {
  /// The mark's number.
  package var number: Int
  /// When it came, in seconds on the run's axis, had it come as soon after its time stamp as the quickest packet of its segment.
  package var seconds: Double

  /// When a mark's picture came from a stream.
  package init(number: Int, seconds: Double) {
    self.number = number
    self.seconds = seconds
  }
}

/// How long after it was sent a segment's picture came out of the pipeline.
package struct SegmentDelay: Codable, Hashable, Sendable {
  /// Which segment, counted as ``SyncMeasurement/segmentIndex``.
  package var segmentIndex: Int
  /// The median of its marks' delays, in seconds; at least 0.
  package var seconds: Double
  /// How many marks it is made of.
  package var marks: Int
  /// When the first of them was sent, in seconds on the run's axis.
  package var sentAt: Double

  /// How long after it was sent a segment came out.
  package init(segmentIndex: Int, seconds: Double, marks: Int, sentAt: Double) {
    self.segmentIndex = segmentIndex
    self.seconds = seconds
    self.marks = marks
    self.sentAt = sentAt
  }
}
