/// Which events of two lanes stand for each other.
///
/// Edit distance with affine gaps: Gotoh, "An Improved Algorithm for Matching Biological Sequences", Journal of Molecular Biology 162 (1982),
/// 705-708. Only events of one kind stand for each other. Long lanes are cut first at events that are in both exactly once and in the same
/// order (Cohen's patience diff), then at the middle of their time, so that no table is larger than ``cellLimit``.
struct LaneAlignment {
  /// A place in the common order: an event of the left, of the right, or of both, by their indices.
  struct Pair: Hashable {
    var left: Int?
    var right: Int?
  }

  /// What is compared of an event.
  struct Item: Hashable {
    var kind: String
    var labels: Set<String>
    var sequence: Int?
    var at: Double
  }

  /// Costs; a gap costs as much as another label, and less for each event that follows in it.
  private enum Cost {
    static let label: Float = 1.5
    static let sequence: Float = 0.75
    /// Per second, up to ``time``.
    static let second: Float = 0.05
    static let time: Float = 0.5
    static let open: Float = 1.5
    static let extend: Float = 0.75
  }

  private static let cellLimit = 250_000

  private let left: [Item]
  private let right: [Item]
  private(set) var pairs: [Pair] = []

  init(_ left: [Item], _ right: [Item]) {
    self.left = left
    self.right = right
    align(left.indices, right.indices)
  }

  private mutating func align(_ a: Range<Int>, _ b: Range<Int>) {
    var (a, b) = (a, b)
    guard !a.isEmpty, !b.isEmpty else {
      pairs += a.map { Pair(left: $0, right: nil) } + b.map { Pair(left: nil, right: $0) }
      return
    }
    guard a.count * b.count > Self.cellLimit else { return table(a, b) }
    let cuts = commonOnce(a, b)
    guard cuts.isEmpty else {
      for cut in cuts {
        align(a.lowerBound..<cut.0, b.lowerBound..<cut.1)
        pairs.append(Pair(left: cut.0, right: cut.1))
        a = cut.0 + 1..<a.upperBound
        b = cut.1 + 1..<b.upperBound
      }
      return align(a, b)
    }
    // The longer one is halved, the other one is cut at the same time.
    let isLeftLonger = a.count >= b.count
    let (long, short) = isLeftLonger ? (a, b) : (b, a)
    let middle = long.lowerBound + long.count / 2
    let time = isLeftLonger ? left[middle].at : right[middle].at
    let place = short.first { (isLeftLonger ? right[$0].at : left[$0].at) >= time } ?? short.upperBound
    let (cutA, cutB) = isLeftLonger ? (middle, place) : (place, middle)
    align(a.lowerBound..<cutA, b.lowerBound..<cutB)
    align(cutA..<a.upperBound, cutB..<b.upperBound)
  }

  private struct Key: Hashable {
    var kind: String
    var label: Set<String>
    var sequence: Int
  }

  /// Events that both have exactly once, in the longest order that is the same in both.
  private func commonOnce(_ a: Range<Int>, _ b: Range<Int>) -> [(Int, Int)] {
    func once(_ items: [Item], _ range: Range<Int>) -> [Key: Int] {
      var found: [Key: Int?] = [:]
      for index in range {
        guard let sequence = items[index].sequence else { continue }
        let key = Key(kind: items[index].kind, label: items[index].labels, sequence: sequence)
        found[key] = .some(found[key] == nil ? index : nil)
      }
      return found.compactMapValues(\.self)
    }
    let others = once(right, b)
    let common = once(left, a).compactMap { key, index in others[key].map { (index, $0) } }.sorted { $0.0 < $1.0 }
    return Self.rising(common)
  }

  /// The longest subsequence whose second numbers rise (patience sorting).
  private static func rising(_ pairs: [(Int, Int)]) -> [(Int, Int)] {
    var tops: [Int] = []
    var before = [Int?](repeating: nil, count: pairs.count)
    for index in pairs.indices {
      var (low, high) = (0, tops.count)
      while low < high {
        let middle = (low + high) / 2
        if pairs[tops[middle]].1 < pairs[index].1 { low = middle + 1 } else { high = middle }
      }
      before[index] = low > 0 ? tops[low - 1] : nil
      if low == tops.count { tops.append(index) } else { tops[low] = index }
    }
    var chain: [(Int, Int)] = []
    var place = tops.last
    while let index = place {
      chain.append(pairs[index])
      place = before[index]
    }
    return chain.reversed()
  }

  private func substitution(_ a: Int, _ b: Int) -> Float {
    let (one, other) = (left[a], right[b])
    guard one.kind == other.kind else { return .infinity }
    var cost: Float = one.labels.isDisjoint(with: other.labels) ? Cost.label : 0
    if let first = one.sequence, let second = other.sequence, first != second { cost += Cost.sequence }
    return cost + min(Cost.time, Float(abs(one.at - other.at)) * Cost.second)
  }

  /// Which of the three tables of Gotoh a cell came from: both, a gap on the right (left only), a gap on the left (right only).
  private enum Way: UInt8 { case both, leftOnly, rightOnly }

  private mutating func table(_ a: Range<Int>, _ b: Range<Int>) {
    let width = b.count + 1
    var back = [[UInt8]](repeating: [UInt8](repeating: 0, count: (a.count + 1) * width), count: 3)
    var last = [[Float]](repeating: [Float](repeating: .infinity, count: width), count: 3)
    last[0][0] = 0
    for column in 1..<width {
      last[2][column] = Cost.open + Cost.extend * Float(column - 1)
      back[2][column] = column == 1 ? Way.both.rawValue : Way.rightOnly.rawValue
    }
    for row in 1...a.count {
      var now = [[Float]](repeating: [Float](repeating: .infinity, count: width), count: 3)
      now[1][0] = Cost.open + Cost.extend * Float(row - 1)
      back[1][row * width] = row == 1 ? Way.both.rawValue : Way.leftOnly.rawValue
      for column in 1..<width {
        let cell = row * width + column
        let (from, best) = Self.least(last, column - 1, 0, 0, 0)
        now[0][column] = best + substitution(a.lowerBound + row - 1, b.lowerBound + column - 1)
        back[0][cell] = from
        let (above, up) = Self.least(last, column, Cost.open, Cost.extend, Cost.open)
        now[1][column] = up
        back[1][cell] = above
        let (before, along) = Self.least(now, column - 1, Cost.open, Cost.open, Cost.extend)
        now[2][column] = along
        back[2][cell] = before
      }
      last = now
    }
    var way = Self.least(last, width - 1, 0, 0, 0).0
    var (row, column) = (a.count, b.count)
    var found: [Pair] = []
    while row > 0 || column > 0 {
      let cell = row * width + column
      let next = back[Int(way)][cell]
      switch way {
      case Way.both.rawValue:
        found.append(Pair(left: a.lowerBound + row - 1, right: b.lowerBound + column - 1))
        (row, column) = (row - 1, column - 1)
      case Way.leftOnly.rawValue:
        found.append(Pair(left: a.lowerBound + row - 1, right: nil))
        row -= 1
      default:
        found.append(Pair(left: nil, right: b.lowerBound + column - 1))
        column -= 1
      }
      way = next
    }
    pairs += found.reversed()
  }

  /// The cheapest of the three tables at a column, each with what it costs to come from there.
  private static func least(_ tables: [[Float]], _ column: Int, _ both: Float, _ leftOnly: Float, _ rightOnly: Float) -> (UInt8, Float) {
    let costs = [tables[0][column] + both, tables[1][column] + leftOnly, tables[2][column] + rightOnly]
    var best = 0
    for index in 1...2 where costs[index] < costs[best] { best = index }
    return (UInt8(best), costs[best])
  }
}
