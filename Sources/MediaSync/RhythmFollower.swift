/// Follows the marks of one track: which mark of the rhythm each of them is.
///
/// While marks come where the last ones make expect, each is numbered at once. When they do not, none is until three in a row fit the old
/// place again, or five (eight at another speed) agree on a new one; then those that waited are numbered as well.
struct RhythmFollower: Sendable {
  /// A mark that was seen or heard.
  struct Mark: Hashable, Sendable {
    /// In seconds.
    var time: Double
    /// Which one it is, counted on through the rhythm's repetitions; nil while that is not known.
    var number: Int?
  }

  /// How far a mark may lie from where the last ones make expect it, in seconds.
  static let tolerance = 0.045
  /// How many marks a place is fitted to: 20 s of them.
  private static let window = 16
  /// How many of the newest marks a new place is looked for in; the most where many of them are false.
  private static let windows = [14, 8, 6, 5, 30]
  /// How long marks are kept, in seconds.
  private static let memory = 70.0

  private(set) var marks: [Mark] = []
  /// Where the rhythm lies; nil until it was found.
  private(set) var place: RhythmPlace?
  private let rhythm: MarkRhythm
  /// From which mark on the place is fitted.
  private var first = 0

  init(rhythm: MarkRhythm) { self.rhythm = rhythm }

  /// Whether marks came that do not fit, and none since that does.
  var isContested: Bool { place == nil || marks.last.map { $0.number == nil } ?? false }

  /// The newest mark that was numbered.
  var last: Mark? { marks.last { $0.number != nil } }

  /// Which mark it is that was seen at a time; nil while that is not known.
  func number(at time: Double) -> Int? { marks.last { $0.time == time }?.number }

  /// The mark nearest to a time among those that are the same in any repetition of the rhythm.
  func mark(_ number: Int, nearest time: Double) -> Mark? {
    let index = rhythm.cycleIndex(of: number)
    return marks.filter { $0.number.map(rhythm.cycleIndex) == index && abs($0.time - time) <= rhythm.periodSeconds / 2 }
      .min { abs($0.time - time) < abs($1.time - time) }
  }

  /// When such a mark is due nearest to a time; nil before the place is known.
  func due(_ number: Int, nearest time: Double) -> Double? {
    guard let place, !rhythm.times.isEmpty else { return nil }
    let due = place.time(of: rhythm.cycleIndex(of: number), in: rhythm)
    let period = rhythm.periodSeconds * place.speed
    return due + ((time - due) / period).rounded() * period
  }

  /// A seam: the axis may be off by some milliseconds behind it, and the rhythm be in another place.
  mutating func seam() { first = marks.count }

  mutating func add(_ time: Double) {
    trim(before: time - Self.memory)
    if let newest = marks.last, time <= newest.time { return }
    let fit = fit(time)
    marks.append(Mark(time: time))
    guard place != nil else { return search() }
    if let fit, fit == last.flatMap(\.number).map({ $0 + 1 }) { return number([marks.count - 1]) }
    if let fit, correct(fit) { return }
    if let indices = resumed() { return number(indices) }
    search()
  }

  /// Which mark is due at a time, where one is.
  private func fit(_ time: Double) -> Int? {
    guard let place, abs(place.residual(time, in: rhythm)) <= Self.tolerance else { return nil }
    return place.number(nearest: time, in: rhythm)
  }

  /// Three marks that fit the old place after some were missing, or others came between: in a row, or at marks in a row. Fewer may be those
  /// of another place, of which two in eight seconds fit any other.
  private func resumed() -> [Int]? {
    let before = last?.number ?? .min
    let near = marks.indices.suffix(8).filter { index in
      guard let place, marks[index].number == nil else { return false }
      return abs(place.residual(marks[index].time, in: rhythm)) <= RhythmSearch.tolerances[0]
    }.suffix(3)
    let numbers = near.compactMap { fit(marks[$0].time) }
    guard numbers.count == 3, near.last == marks.count - 1, zip([before] + numbers, numbers).allSatisfy({ $0 < $1 }) else { return nil }
    let isRow = near.first == marks.count - 3 || zip(numbers, numbers.dropFirst()).allSatisfy { $1 == $0 + 1 }
    return isRow ? Array(near) : nil
  }

  /// A second one at the same mark: the nearer of the two is it.
  private mutating func correct(_ number: Int) -> Bool {
    guard let place, let index = marks.lastIndex(where: { $0.number != nil }), marks[index].number == number else { return false }
    let due = place.time(of: number, in: rhythm)
    let newest = marks.count - 1
    if abs(marks[newest].time - due) < abs(marks[index].time - due) {
      marks[index].number = nil
      self.number([newest])
    }
    return true
  }

  private mutating func number(_ indices: [Int]) {
    guard let place else { return }
    for index in indices { marks[index].number = place.number(nearest: marks[index].time, in: rhythm) }
    refine()
  }

  /// Looks for a place that the newest marks fit, in less and less of the past.
  private mutating func search() {
    for count in Self.windows where marks.count >= RhythmSearch.leastMarks {
      let window = marks.suffix(count)
      guard let found = RhythmSearch.place(of: window.map(\.time), in: rhythm) else { continue }
      let fitting = window.indices.filter { abs(found.residual(marks[$0].time, in: rhythm)) <= Self.tolerance }
      // What the newest ones do not fit is the place that was.
      guard isBelieved(fitting) else { continue }
      // Numbered ones behind the first that was not may have fitted the old place by chance.
      let open = place == nil ? window.startIndex : window.indices.first { marks[$0].number == nil } ?? marks.count - 1
      place = found
      for index in window.indices where index >= open { marks[index].number = nil }
      first = open
      return number(fitting.filter { $0 >= open })
    }
  }

  /// Whether a place is that of the newest marks: the first one of two of the last three, another one of those that came since the last that
  /// was numbered, among which many may be false.
  private func isBelieved(_ fitting: [Int]) -> Bool {
    let newest = marks.indices.suffix(3).count { fitting.contains($0) }
    guard let last = marks.lastIndex(where: { $0.number != nil }) else {
      return fitting.last == marks.count - 1 ? newest >= 2 : newest >= 1
    }
    let open = marks.indices.suffix(from: last + 1)
    let fits = open.count { fitting.contains($0) }
    return fitting.last == marks.count - 1 && fits >= 3 && Double(fits) >= 0.4 * Double(open.count)
  }

  private mutating func refine() {
    guard let place else { return }
    let points = marks[min(first, marks.count)...].suffix(Self.window).compactMap { mark in
      mark.number.map { LineFit.Point(x: rhythm.position(of: $0), y: mark.time) }
    }
    guard let next = RhythmSearch.fitted(points, speed: place.speed) else { return }
    self.place = next
  }

  private mutating func trim(before time: Double) {
    let count = max(marks.prefix { $0.time < time }.count, marks.count - 256)
    guard count > 0 else { return }
    marks.removeFirst(count)
    first = max(0, first - count)
  }
}
