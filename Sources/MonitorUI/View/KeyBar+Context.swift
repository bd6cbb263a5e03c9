import Events
import RunModel
import TerminalCanvas

extension Command.Hint.Context {
  /// Whether the keys of such commands are of any use now.
  func applies(_ scene: Scene) -> Bool {
    let ui = scene.ui
    switch self {
    case .always: return true
    case .filters: return Panes[ui.focus]?.filters(ui) == true
    case .events: return ui.focus == .events
    case .rawLogs: return ui.focus == .events && ui.showsRawLogs
    case .series: return ui.focus == .metrics && ui.isZoomed
    case .streams: return ui.focus == .sync && scene.run.streams.all.count > 1
    case .workers: return Panes[ui.focus]?.isOfWorker == true && scene.run.workerLanes.count > 1
    case .faults: return scene.run.description?.faults.contains { $0.unavailableReason == nil } ?? false
    }
  }
}
