import Events

/// What good runs have in a lane: places in one common order, with how often and when each is taken.
struct LaneProfile: Sendable {
  /// A place, and the events of the runs that have one there.
  struct Slot: Sendable {
    /// The kind that all of them are of.
    var kind: String
    /// The events, by the index of their run.
    var events: [Int: LaneEvent]

    /// The labels seen.
    var labels: Set<String> { Set(events.values.map(\.label)) }
    /// The mean of its times, in seconds since the scenario began.
    var at: Double { events.values.reduce(0) { $0 + $1.at } / Double(events.count) }

    fileprivate var item: LaneAlignment.Item {
      LaneAlignment.Item(
        kind: kind, labels: labels, sequence: Set(events.values.map(\.sequence)).count == 1 ? first?.sequence : nil, at: at)
    }

    /// The event of the first run that has one.
    var first: LaneEvent? { events.min { $0.key < $1.key }?.value }
  }

  /// The places, in order.
  private(set) var slots: [Slot] = []

  /// What some runs have in a lane: begun with the run of the middle length, to which the others are added one by one.
  /// - Parameter lanes: the lane in each run; empty where a run has none.
  init(_ lanes: [[LaneEvent]]) {
    let order = lanes.indices.sorted { (lanes[$0].count, $0) < (lanes[$1].count, $1) }
    guard !order.isEmpty else { return }
    let middle = order[order.count / 2]
    slots = lanes[middle].map { Slot(kind: $0.kind, events: [middle: $0]) }
    for index in lanes.indices where index != middle { add(lanes[index], of: index) }
  }

  private mutating func add(_ events: [LaneEvent], of index: Int) {
    slots = aligned(with: events).map { slot, event in
      guard let event else { return slot ?? Slot(kind: "", events: [:]) }
      var slot = slot ?? Slot(kind: event.kind, events: [:])
      slot.events[index] = event
      return slot
    }
  }

  /// The places beside the events of another run, in one common order; at least one of both is there.
  func aligned(with events: [LaneEvent]) -> [(slot: Slot?, event: LaneEvent?)] {
    let items = events.map { LaneAlignment.Item(kind: $0.kind, labels: [$0.label], sequence: $0.sequence, at: $0.at) }
    return LaneAlignment(slots.map(\.item), items).pairs.map { pair in (pair.left.map { slots[$0] }, pair.right.map { events[$0] }) }
  }
}
