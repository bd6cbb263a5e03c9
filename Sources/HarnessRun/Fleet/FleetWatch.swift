import Events
import Fleet
import HarnessCore
import WireFormats

/// Asks all engines of a fleet again and again.
package struct FleetWatch: Sendable {
  private let readers: [FleetReader]
  private let interval: Double
  private let wallNow: @Sendable () -> WallTime

  /// - Parameters:
  ///   - interval: seconds between two refreshes.
  ///   - wallNow: the time of this machine.
  package init(_ readers: [FleetReader], interval: Double, wallNow: @escaping @Sendable () -> WallTime) {
    self.readers = readers
    self.interval = interval
    self.wallNow = wallNow
  }

  /// Who asks an engine, by its place.
  package func client(of place: Int) -> EngineClient? { readers.indices.contains(place) ? readers[place].client : nil }

  /// Asks every engine once, all at the same time.
  package func refresh() async -> FleetMoment {
    let found = await withTaskGroup(of: (Int, Result<FleetEngine, EngineTrouble>).self) { group in
      for (place, reader) in readers.enumerated() { group.addTask { (place, await reader.refresh()) } }
      var all: [(Int, Result<FleetEngine, EngineTrouble>)] = []
      for await one in group { all.append(one) }
      return all.sorted { $0.0 < $1.0 }
    }
    var moment = FleetMoment(at: wallNow())
    for (place, result) in found {
      switch result {
      case .success(let engine): moment.engines.append((name: readers[place].name, engine: engine))
      case .failure(.cancelled): break
      case .failure(let trouble): moment.failures.append(FleetTrouble(trouble.description).of(readers[place].name))
      }
      let cost = await readers[place].cost
      moment.requests += cost.requests
      moment.seconds = max(moment.seconds, cost.seconds)
    }
    moment.isSettled = await isSettled
    return moment
  }

  /// Asks until everything was asked at least once, or an engine cannot be asked.
  package func settled() async -> FleetMoment {
    while true {
      let moment = await refresh()
      if moment.isSettled || !moment.failures.isEmpty { return moment }
    }
  }

  private var isSettled: Bool {
    get async {
      for reader in readers where !(await reader.isSettled) { return false }
      return true
    }
  }

  /// The fleet each time it is refreshed, for as long as somebody takes it; of a slow taker only the newest waits.
  package func moments() -> AsyncStream<FleetMoment> {
    let (stream, tell) = AsyncStream<FleetMoment>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let task = Task {
      while !Task.isCancelled {
        let moment = await refresh()
        tell.yield(moment)
        // What is asked by turns is asked soon after the beginning.
        let isFirst = moment.failures.isEmpty && !moment.isSettled
        try? await Task.sleep(for: .seconds(isFirst ? min(0.5, interval) : interval))
      }
      tell.finish()
    }
    tell.onTermination = { _ in task.cancel() }
    return stream
  }

  /// A time of day for lines; with nothing for UTC.
  /// - Parameter utcOffset: seconds east of UTC.
  package static func time(_ wall: WallTime, utcOffset: Int?) -> String {
    CivilTime(epochSeconds: Int(wall.epochSeconds) + (utcOffset ?? 0)).time + (utcOffset == nil ? "Z" : "")
  }
}
