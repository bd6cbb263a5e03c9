import Events
import RunModel

/// The order of services, and the room that they want.
extension ServicesPane {
  /// Services as they are shown: those that are not well first, else in the order of the run.
  static func order(_ run: RunState) -> [Int] {
    func isWell(_ index: Int) -> Bool {
      let track = run.services[index]
      switch track.standing(now: run.now, intervalSeconds: run.interval(.health, track.name), speed: run.speed) {
      case .healthy, .unknown: return true
      case .failing, .unreachable, .stale, .ended, .unclear: return false
      }
    }
    let well = run.services.indices.map(isWell)
    return run.services.indices.filter { !well[$0] } + run.services.indices.filter { well[$0] }
  }

  /// A line for each service and each path, and one of reasons for each service whether it has any: what recovers moves nothing.
  static func demand(_ scene: Scene, width: Int) -> PaneDemand {
    let run = scene.run
    guard !run.services.isEmpty else { return PaneDemand(rows: 2) }
    let names = Set(run.services.map(\.name))
    let isWrong = scene.alarms.contains { !$0.isExpectation && names.contains($0.service) && $0.id.hasPrefix("service") }
    return PaneDemand(rows: run.services.count * 2 + min(8, run.paths.count) + run.publishers.count, isWrong ? .wrong : .usual)
  }
}
