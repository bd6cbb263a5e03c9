import Events
import RunModel

/// What of a run the choices of the user are made from.
extension RunState {
  /// The run as panes draw it and keys act on it: with the figures of the worker chosen, as it is where none is.
  func seen(by ui: MonitorState) -> RunState { ui.worker.map(showing) ?? self }

  /// The stream that shows: the one asked for, else the one that comes out of the pipeline, else the first; nil when none is probed.
  func shownStream(_ asked: ServiceName?) -> StreamTrack? {
    if let asked, let track = streams[asked] { return track }
    return streams.all.first { $0.name.text == "out" || $0.name.text.hasSuffix("/out") } ?? streams.all.first
  }

  /// Services that have a raw log, in the order of the services.
  var logTabs: [ServiceName] {
    let known = services.map(\.name).filter { logs[$0] != nil }
    return known + logs.keys.filter { !known.contains($0) }.sorted()
  }
}
