import MonitorUI

/// What commands do, by their names in the table, so that a test of a command tests its row as well.
extension Command.Action {
  static func named(_ name: String) -> Self {
    guard let command = Commands.all.first(where: { $0.name == name }) else { preconditionFailure("no command is called \(name)") }
    return command.action
  }

  static var timeBack: Self { named("time-back") }
  static var timeForward: Self { named("time-forward") }
  static var timeBackFar: Self { named("time-back-far") }
  static var timeForwardFar: Self { named("time-forward-far") }
  static var timeStart: Self { named("time-start") }
  static var zoomTimeIn: Self { named("scale-finer") }
  static var zoomTimeOut: Self { named("scale-coarser") }
  static var focusNext: Self { named("focus-next") }
  static var focusPrevious: Self { named("focus-previous") }
  static var focus1: Self { named("focus-1") }
  static var focus2: Self { named("focus-2") }
  static var focus3: Self { named("focus-3") }
  static var focus4: Self { named("focus-4") }
  static var focus5: Self { named("focus-5") }
  static var focus6: Self { named("focus-6") }
  static var focus7: Self { named("focus-7") }
  static var focus8: Self { named("focus-8") }
  static var up: Self { named("up") }
  static var down: Self { named("down") }
  static var pageUp: Self { named("page-up") }
  static var filter: Self { named("filter") }
  static var search: Self { named("search") }
  static var nextMatch: Self { named("next-match") }
  static var previousMatch: Self { named("previous-match") }
  static var help: Self { named("help") }
  static var faults: Self { named("faults") }
  static var verdict: Self { named("verdict") }
  static var nextTab: Self { named("next-tab") }
  static var nextStream: Self { named("next-stream") }
  static var previousStream: Self { named("previous-stream") }
  static var nextWorker: Self { named("next-worker") }
  static var previousWorker: Self { named("previous-worker") }
  static var mark: Self { named("mark") }
}
