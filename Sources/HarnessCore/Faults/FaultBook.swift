import Events

/// Which faults are registered, and which lies on which: the account of a ``FaultDesk``. Pure.
struct FaultBook: Sendable {
  /// How far a fault has come.
  enum Phase: Hashable, Sendable {
    /// Registered; nobody has been asked to do it yet.
    case waiting
    /// Whoever does it has been asked, and may have done it.
    case beginning
    case inForce
    /// It is over, but could not be taken back.
    case stuck
  }

  /// A registered fault.
  struct Entry: Sendable {
    let number: Int
    var fault: Fault
    var phase = Phase.waiting
    /// When it is over, at the latest; nil for one that has no length.
    var endsAt: RunInstant?
    /// The how-manieth it was that began; numbers are given before.
    fileprivate var place = Int.max
  }

  private var entries: [Int: Entry] = [:]
  private var places = 0
  /// What somebody else had set before the first of a resource.
  var found: [FaultResource: Fault] = [:]

  subscript(number: Int) -> Entry? { entries[number] }

  var resources: Set<FaultResource> { Set(entries.values.map(\.fault.resource)) }

  /// Registers a fault, unless one in force rules it out.
  /// - Returns: the one that rules it out; nil when the fault is registered.
  mutating func register(_ fault: Fault, as number: Int) -> Entry? {
    let others = all(of: fault.resource).filter { $0.fault.seconds != nil && $0.phase != .stuck }
    if fault.kind.overlap == .refused, fault.kind.course != .blow, let other = others.last { return other }
    entries[number] = Entry(number: number, fault: fault)
    return nil
  }

  /// Notes that whoever does a fault is being asked to.
  mutating func begins(_ number: Int, endsAt: RunInstant?) {
    places += 1
    let place = places
    change(number) {
      $0.phase = .beginning
      $0.endsAt = endsAt
      $0.place = place
    }
  }

  mutating func change(_ number: Int, _ change: (inout Entry) -> Void) {
    guard var entry = entries[number] else { return }
    change(&entry)
    entries[number] = entry
  }

  mutating func remove(_ number: Int) {
    guard let entry = entries.removeValue(forKey: number) else { return }
    if all(of: entry.fault.resource).isEmpty { found[entry.fault.resource] = nil }
  }

  /// The faults of a resource, the latest last.
  func all(of resource: FaultResource) -> [Entry] {
    entries.values.filter { $0.fault.resource == resource }.sorted { ($0.place, $0.number) < ($1.place, $1.number) }
  }

  /// The fault that holds a resource, besides one: the latest of those in force.
  func holder(of resource: FaultResource, besides number: Int) -> Entry? {
    all(of: resource).last { $0.phase == .inForce && $0.number != number }
  }

  /// Whether a later fault holds what this one changes.
  func isCovered(_ entry: Entry) -> Bool {
    guard let holder = holder(of: entry.fault.resource, besides: entry.number) else { return false }
    return holder.place > entry.place
  }

  /// For how long a target should hold what it is told by itself: until the last fault of the resource is over. Nil when one has no end.
  func lease(of resource: FaultResource, now: RunInstant) -> Double? {
    let all = all(of: resource).filter { $0.phase == .inForce || $0.phase == .beginning }
    let ends = all.compactMap(\.endsAt)
    guard !ends.isEmpty, ends.count == all.count, let last = ends.max() else { return nil }
    // What is over is ended at once, but no target knows a length of 0.
    return max(0.1, last.seconds(since: now))
  }
}
