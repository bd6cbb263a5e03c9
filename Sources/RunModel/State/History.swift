import DequeModule
import Events

/// A bounded list that grows at its end and loses its oldest elements.
///
/// It is stored in chunks that copies share: a snapshot of the whole run state costs one chunk a history, which is what
/// makes a snapshot every few seconds, and so moving back in time, cheap.
package struct History<Element: Sendable>: Sendable {
  /// No more than the limit: elements that are let go stay in their chunk, and a copied chunk is copied whole.
  private var chunkSize: Int { Swift.min(64, limit) }

  private var chunks: Deque<[Element]> = []
  private var firstOffset = 0

  /// How many elements are kept at most.
  package let limit: Int
  /// How many elements are here.
  package private(set) var count = 0
  /// How many elements were ever appended; the last one's serial number is `total - 1`.
  package private(set) var total = 0

  /// An empty history that keeps at most `limit` elements (at least one).
  package init(limit: Int) { self.limit = Swift.max(1, limit) }

  /// Adds an element at the end; the oldest one goes when the limit is reached.
  package mutating func append(_ element: Element) {
    if let last = chunks.indices.last, chunks[last].count < chunkSize {
      chunks[last].append(element)
    } else {
      var chunk: [Element] = []
      chunk.reserveCapacity(chunkSize)
      chunk.append(element)
      chunks.append(chunk)
    }
    count += 1
    total += 1
    if count > limit { dropFirst() }
  }

  /// Removes the oldest element, if there is one.
  package mutating func dropFirst() {
    guard count > 0 else { return }
    count -= 1
    firstOffset += 1
    if firstOffset >= chunkSize || count == 0 {
      if count == 0 { chunks.removeAll() } else { chunks.removeFirst() }
      firstOffset = 0
    }
  }

  /// Removes the elements for which `isGone` holds; `total` stays, so that no serial number is used twice.
  package mutating func removeAll(where isGone: (Element) -> Bool) {
    let kept = filter { !isGone($0) }
    let appended = total
    self = History(limit: limit)
    for element in kept { append(element) }
    total = appended
  }

  /// Removes elements from the front as long as `isOld` holds.
  package mutating func dropFirst(while isOld: (Element) -> Bool) {
    while count > 0, isOld(self[0]) { dropFirst() }
  }

  /// Replaces the newest element that satisfies `matches`, looking back over at most `depth` elements.
  /// - Returns: whether one was found.
  @discardableResult
  package mutating func updateLast(depth: Int = .max, where matches: (Element) -> Bool, _ change: (inout Element) -> Void) -> Bool {
    var index = count - 1
    let lowest = depth >= count ? 0 : count - depth
    while index >= lowest {
      if matches(self[index]) {
        change(&self[index])
        return true
      }
      index -= 1
    }
    return false
  }
}

extension History: RandomAccessCollection, MutableCollection {
  /// 0, the oldest element that is kept.
  package var startIndex: Int { 0 }
  /// One past the newest element.
  package var endIndex: Int { count }

  /// The element at a position counted from the oldest that is kept.
  package subscript(position: Int) -> Element {
    get {
      let absolute = position + firstOffset
      return chunks[absolute / chunkSize][absolute % chunkSize]
    }
    set {
      let absolute = position + firstOffset
      chunks[absolute / chunkSize][absolute % chunkSize] = newValue
    }
  }
}

extension History: Equatable where Element: Equatable {
  /// Equal when everything that is kept is equal.
  package static func == (left: History, right: History) -> Bool {
    left.limit == right.limit && left.total == right.total && left.elementsEqual(right)
  }
}

extension History: Codable where Element: Codable {
  private enum CodingKeys: String, CodingKey { case limit, total, elements }

  /// Reads what `encode(to:)` wrote.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(limit: try container.decode(Int.self, forKey: .limit))
    for element in try container.decode([Element].self, forKey: .elements) { append(element) }
    total = Swift.max(count, try container.decode(Int.self, forKey: .total))
  }

  /// Writes the value so that `init(from:)` reads it back.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(limit, forKey: .limit)
    try container.encode(total, forKey: .total)
    try container.encode(Array(self), forKey: .elements)
  }
}

/// A value and when it was seen.
package struct Timed<Value: Sendable>: Sendable {
  /// When it was seen.
  package var at: RunInstant
  /// What was seen.
  package var value: Value

  /// A value seen at an instant.
  package init(_ value: Value, at: RunInstant) {
    self.at = at
    self.value = value
  }
}

extension Timed: Equatable where Value: Equatable {}
extension Timed: Hashable where Value: Hashable {}
extension Timed: Codable where Value: Codable {}

extension History {
  /// The elements whose instants lie in a range, found by bisection; instants must not fall.
  package func slice<Value>(from first: RunInstant, through last: RunInstant) -> Slice<History<Element>> where Element == Timed<Value> {
    let low = partitionIndex { $0.at >= first }
    let high = partitionIndex { $0.at > last }
    return self[low..<Swift.max(low, high)]
  }

  /// The first index for which `isAfter` holds, if it never stops holding from there on.
  package func partitionIndex(where isAfter: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
