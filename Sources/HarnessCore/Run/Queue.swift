/// First in, first out, without moving what is left at every removal.
struct Queue<Element> {
  private var storage: [Element?] = []
  private var head = 0

  var count: Int { storage.count - head }
  var isEmpty: Bool { count == 0 }

  mutating func append(_ element: Element) { storage.append(element) }

  mutating func popFirst() -> Element? {
    guard head < storage.count else { return nil }
    defer {
      storage[head] = nil
      head += 1
      if head > 256, head * 2 > storage.count {
        storage.removeFirst(head)
        head = 0
      }
    }
    return storage[head]
  }

  /// Removes the first element that satisfies `matches`, looking from the oldest.
  mutating func removeFirst(where matches: (Element) -> Bool) -> Element? {
    guard let index = storage.indices.dropFirst(head).first(where: { index in storage[index].map(matches) ?? false }) else { return nil }
    if index == head { return popFirst() }
    return storage.remove(at: index)
  }

  /// Hands out everything.
  mutating func takeAll() -> [Element] {
    defer {
      storage = []
      head = 0
    }
    return storage[head...].compactMap { $0 }
  }
}
