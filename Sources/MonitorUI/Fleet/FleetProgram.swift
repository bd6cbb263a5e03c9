import Fleet
import TerminalCanvas

/// The loop of a fleet's screen: takes keys and moments, draws. Gives the terminal back before it returns.
package struct FleetProgram<Backend: TerminalBackend>: Sendable {
  /// Why it ended.
  package enum Exit: Hashable, Sendable {
    /// As a run's screen ends.
    case ended(MonitorExit)
    /// The user wants to see this worker.
    case open(WorkerKey)
  }

  private enum News: Sendable {
    case input(TerminalInput)
    case moment(FleetMoment)
  }

  private let backend: Backend
  private let glyphs: GlyphSet?

  /// A program on a terminal.
  package init(backend: Backend, glyphs: GlyphSet? = nil) {
    self.backend = backend
    self.glyphs = glyphs
  }

  /// Shows a fleet until the user quits or opens a worker, a signal comes, or the terminal goes.
  /// - Parameters:
  ///   - screen: what is looked at; as it was left when this returns.
  ///   - moments: the fleet, each time it is refreshed.
  /// - Throws: what the terminal says when it cannot be taken over; one sentence.
  package func run(_ screen: inout FleetScreen, moments: AsyncStream<FleetMoment>) async throws -> Exit {
    let start = try await backend.start()
    var size = start.size
    screen.adopt(start.capabilities)
    let glyphs = glyphs ?? start.capabilities.glyphs
    await backend.setTitle("dubwatch fleet")
    let (news, tell) = AsyncStream<News>.makeStream()
    let backend = backend
    let readers = [
      Task {
        for await input in backend.inputs { tell.yield(.input(input)) }
        tell.finish()
      },
      Task { for await moment in moments { tell.yield(.moment(moment)) } },
    ]
    var exit = Exit.ended(.terminalClosed)
    var last: Canvas?
    func draw() async -> Bool {
      let canvas = FleetView.render(screen, size: size, glyphs: glyphs)
      guard canvas != last else { return true }
      last = canvas
      return (try? await backend.present(canvas)) != nil
    }
    if await draw() {
      await withTaskCancellationHandler {
        loop: for await item in news {
          switch item {
          case .moment(let moment): screen.show(moment)
          case .input(.signal(let signal)):
            exit = .ended(.signal(signal))
            break loop
          case .input(.closed): break loop
          case .input(.resize(let new)), .input(.resumed(let new)): (size, last) = (new, nil)
          case .input(.background(let ground)): screen.adopt(ground)
          case .input(.key(let key)):
            switch screen.take(key) {
            case .quit?:
              exit = .ended(.quit)
              break loop
            case .open(let worker)?:
              exit = .open(worker)
              break loop
            case .redraw?: last = nil
            case .suspend?: await backend.suspend()
            case nil: break
            }
          case .input(.mouse), .input(.paste), .input(.focus): break
          }
          guard await draw() else { break }
        }
      } onCancel: {
        tell.finish()
      }
    }
    if Task.isCancelled { exit = .ended(.quit) }
    for reader in readers { reader.cancel() }
    await backend.stop()
    return exit
  }
}
