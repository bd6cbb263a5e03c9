import Events
import RunModel
import TerminalCanvas

/// How the monitor runs.
package struct MonitorOptions: Sendable {
  /// The screen at its start: theme, bindings, whether the environment is ours.
  package var initial: MonitorState
  /// The shortest time between two frames while something happens; 100 ms are ten frames a second.
  package var frameInterval: Duration
  /// The shortest time between two frames while the user types: a key is on the screen within the 16 ms of a frame at 60 Hz.
  package var answerInterval: Duration
  /// The shortest time between two frames while only values and ages move.
  package var restInterval: Duration
  /// Whether to end when the feed does; else the last state stays until the user quits.
  package var exitAtEnd: Bool
  /// Characters to draw with; nil for what the terminal can show.
  package var glyphs: GlyphSet?
  /// Whether a violated expectation rings the terminal's bell.
  package var ringsAtViolation: Bool
  /// How the run's own recording stands, asked for at each frame; nil where it is not recorded.
  package var recording: (@Sendable () -> RecordingShown?)?
  /// The moment that shows first; nil for the newest.
  package var begin: RunInstant?

  /// Options, by default ten frames a second, one at rest.
  package init(
    initial: MonitorState = MonitorState(), frameInterval: Duration = .milliseconds(100), answerInterval: Duration = .milliseconds(8),
    restInterval: Duration = .seconds(1), exitAtEnd: Bool = false, glyphs: GlyphSet? = nil, ringsAtViolation: Bool = false
  ) {
    self.initial = initial
    self.frameInterval = frameInterval
    self.answerInterval = answerInterval
    self.restInterval = restInterval
    self.exitAtEnd = exitAtEnd
    self.glyphs = glyphs
    self.ringsAtViolation = ringsAtViolation
  }
}

/// The monitor's loop: takes keys, asks for the run when it draws a frame. Knows the terminal and the run only through protocols.
package struct MonitorProgram<Backend: TerminalBackend>: Sendable {
  private let backend: Backend
  private let options: MonitorOptions

  /// A program on a terminal.
  package init(backend: Backend, options: MonitorOptions = MonitorOptions()) {
    self.backend = backend
    self.options = options
  }

  /// Shows a run until the user quits, a signal comes, the terminal goes or (where asked for) the feed ends. Gives the terminal back before
  /// it returns, also when it is cancelled (then it returns as for ``MonitorExit/quit``). The feed must end its wait when its task is
  /// cancelled.
  /// - Throws: what the terminal says when it cannot be taken over; one sentence.
  package func run(feed: any RunFeed, effects: any EffectHandler) async throws -> MonitorExit {
    let start = try await backend.start()
    let mailbox = MonitorMailbox()
    var screen = MonitorScreen(options: options, size: start.size, capabilities: start.capabilities)
    await backend.setMouseCapture(screen.ui.capturesMouse)
    let exit = await withTaskGroup(of: MonitorExit?.self) { group in
      group.addTask {
        for await input in backend.inputs { await mailbox.put(input) }
        await mailbox.endInputs()
        return nil
      }
      group.addTask {
        var before = RunProgress()
        while !Task.isCancelled, let progress = await feed.progress(after: before.revision) {
          await mailbox.put(progress, isNews: progress.rows != before.rows || progress.violated != before.violated)
          before = progress
        }
        await mailbox.endFeed()
        return nil
      }
      if options.initial.transport != nil {
        group.addTask { [options] in
          let clock = ContinuousClock()
          var last = clock.now
          while (try? await clock.sleep(for: options.frameInterval)) != nil {
            let now = clock.now
            await mailbox.put(played: last.duration(to: now) / .seconds(1))
            last = now
          }
          return nil
        }
      }
      let exit = await withTaskCancellationHandler {
        await loop(&screen, mailbox, feed, effects)
      } onCancel: {
        Task { await mailbox.endInputs() }
      }
      group.cancelAll()
      await mailbox.close()
      // The terminal first: whatever ending the run says goes to the user's own screen.
      await backend.stop()
      if exit == .quit { await effects.quitRequested() }
      return exit
    }
    return exit
  }

  private func loop(
    _ screen: inout MonitorScreen, _ mailbox: MonitorMailbox, _ feed: any RunFeed, _ effects: any EffectHandler
  ) async -> MonitorExit {
    let clock = ContinuousClock()
    var lastFrame: ContinuousClock.Instant?
    while true {
      var rest: Duration?
      if screen.needsFrame {
        let wait = screen.isAnswer ? options.answerInterval : screen.isUrgent ? options.frameInterval : options.restInterval
        rest = lastFrame.map { clock.now.duration(to: $0.advanced(by: wait)) } ?? .zero
      }
      if let due = rest, due <= .zero {
        lastFrame = clock.now
        await screen.catchUp(with: feed)
        if let recording = options.recording { _ = screen.reduce(.recorded(recording())) }
        guard await show(&screen) else { return .terminalClosed }
        rest = nil
      }
      // Until the next frame is due what the run does is of no interest, unless it brings the frame forward.
      let interest: MonitorMailbox.Interest = rest == nil ? .everything : screen.canBeHurried ? .news : .urgent
      let content = await mailbox.next(interest, within: rest)
      if Task.isCancelled { return .quit }
      if let exit = await take(content, &screen, mailbox, feed, effects) { return exit }
    }
  }

  /// Draws a frame and presents it when it differs from the last one; false when the terminal is gone.
  private func show(_ screen: inout MonitorScreen) async -> Bool {
    if let title = screen.nextTitle() { await backend.setTitle(title) }
    guard let canvas = screen.render() else { return true }
    do {
      try await backend.present(canvas)
      return true
    } catch {
      return false
    }
  }

  private func take(
    _ content: MonitorMailbox.Content, _ screen: inout MonitorScreen, _ mailbox: MonitorMailbox, _ feed: any RunFeed,
    _ effects: any EffectHandler
  ) async -> MonitorExit? {
    if let progress = content.progress, screen.note(progress, isNews: content.hasNews), options.ringsAtViolation {
      await backend.bell()
    }
    // Keys act on the run as it is, not as it was drawn last.
    if content.isUrgent { await screen.catchUp(with: feed) }
    if content.played > 0, screen.ui.transport?.isPlaying == true {
      _ = screen.reduce(.played(seconds: content.played))
      await screen.lookBack(in: feed)
    }
    for notice in content.notices { _ = screen.reduce(.notice(notice)) }
    for input in content.inputs {
      switch input {
      case .signal(let signal): return .signal(signal)
      case .closed: return .terminalClosed
      case .resize(let size), .resumed(let size): screen.resize(size)
      case .key, .mouse, .paste, .background, .focus:
        let asked = screen.take(input)
        await screen.lookBack(in: feed)
        for effect in asked {
          if let exit = await perform(effect, &screen, mailbox, effects) { return exit }
        }
      }
    }
    if content.inputsEnded { return .terminalClosed }
    if content.feedEnded {
      if options.exitAtEnd {
        _ = await show(&screen)
        return .feedEnded
      }
      let reason = screen.live.ended?.value ?? "no more events"
      _ = screen.reduce(.feedEnded(reason: reason))
    }
    return nil
  }

  private func perform(
    _ effect: MonitorEffect, _ screen: inout MonitorScreen, _ mailbox: MonitorMailbox, _ effects: any EffectHandler
  ) async -> MonitorExit? {
    switch effect {
    case .quit: return .quit
    case .copy(let text):
      await backend.copyToClipboard(text)
      _ = screen.reduce(.notice("copied, if the terminal allows it: \(text)"))
    case .setMouseCapture(let on): await backend.setMouseCapture(on)
    case .bell: await backend.bell()
    case .suspend: await backend.suspend()
    case .redraw: screen.forget()
    // What may take long runs beside the loop, so that the screen never stands still for it.
    case .injectFault(let id):
      Task { if let trouble = await effects.injectFault(id: id) { await mailbox.put(notice: trouble) } }
    case .mark(let text):
      Task { if let trouble = await effects.mark(text) { await mailbox.put(notice: trouble) } }
    case .remember(let choice):
      Task { if let trouble = await effects.remember(choice) { await mailbox.put(notice: trouble) } }
    case .saveFrame:
      let (canvas, palette) = (screen.current, screen.palette)
      Task { await mailbox.put(notice: await effects.saveFrame(canvas, palette: palette)) }
    }
    return nil
  }
}
