import Events

/// What is done in turn about one resource: begin, end, and the end of the run.
extension FaultDesk {
  /// Begins a registered fault.
  /// - Parameter answer: takes why it could not be done, or nil when it was.
  func begin(_ number: Int, answer: @Sendable (FaultProblem?) -> Void) async {
    guard let entry = book[number], let means = means(of: entry.fault) else { return answer(FaultProblem("it was taken back")) }
    let fault = entry.fault
    await prepare(number, fault, means)
    // Up to here nothing has been done; from here on the fault counts as one that may be in force.
    guard !isStopped else {
      book.remove(number)
      await sayFailed(number, fault, "the run ends")
      return answer(FaultProblem("the run ends"))
    }
    let asked = clock.now()
    book.begins(number, endsAt: fault.seconds.map { asked.advanced(bySeconds: $0) })
    do {
      try await means.begin(fault, lease: book.lease(of: fault.resource, now: asked))
    } catch {
      await failed(number, fault, error, answer: answer)
      return
    }
    await hasBegun(number, fault, asked)
    answer(nil)
  }

  /// Sees to what the fault is going to cover.
  private func prepare(_ number: Int, _ fault: Fault, _ means: any FaultMeans) async {
    if fault.kind.course == .blow { return }
    guard let covered = book.holder(of: fault.resource, besides: number) else {
      // What another fault may have left there is ours, not somebody else's.
      let isFirst = book.all(of: fault.resource).allSatisfy { $0.number == number }
      if isFirst, book.found[fault.resource] == nil { book.found[fault.resource] = await means.found(before: fault) }
      return
    }
    guard case .untilOver = covered.fault.kind.course else { return }
    if let rest = await means.rest(of: covered.fault) {
      book.change(covered.number) { $0.fault = rest }
    } else {
      await close(covered)
    }
  }

  private func hasBegun(_ number: Int, _ fault: Fault, _ asked: RunInstant) async {
    switch fault.kind.course {
    case .blow:
      book.remove(number)
      await say(number, fault, .momentary)
    case .setting:
      // The earlier setting is gone: the target knows one only.
      for old in book.all(of: fault.resource) where old.number != number && old.phase == .inForce { book.remove(old.number) }
      book.change(number) { $0.phase = .inForce }
      await say(number, fault, .momentary)
    case .lasting(let name, let start):
      let began = start == .asked ? asked : clock.now()
      let end = began.advanced(bySeconds: fault.number(name))
      book.change(number) {
        $0.phase = .inForce
        $0.endsAt = end
      }
      await say(number, fault, .began)
      watch(number) { [clock] in (try? await clock.sleep(seconds: max(0, end.seconds(since: clock.now())))) != nil }
    case .untilOver(let limit):
      book.change(number) { $0.phase = .inForce }
      await say(number, fault, .began)
      let latest = asked.advanced(bySeconds: limit)
      watch(number) { [clock, limits] in
        while clock.now() < latest {
          if (try? await clock.sleep(seconds: limits.lookSeconds)) == nil { return false }
          if await self.isOver(number) { return true }
        }
        return true
      }
    }
  }

  /// A begin that failed: unless it is sure that nothing was done, what may be in force is taken back.
  private func failed(_ number: Int, _ fault: Fault, _ error: any Error, answer: @Sendable (FaultProblem?) -> Void) async {
    if error is FaultRefusal { book.remove(number) }
    await sayFailed(number, fault, "\(error)")
    answer(FaultProblem("\(error)"))
    // After a stop the turn that takes everything back comes next.
    guard book[number] != nil, !isStopped else { return }
    if let trouble = await putBack(fault, besides: number) {
      // Kept, so that the stop tries again.
      book.change(number) { $0.phase = .stuck }
      await tellStuck(number, fault, "\(trouble)")
    } else {
      book.remove(number)
    }
  }

  // MARK: End

  /// Ends a fault when its time is up.
  private func watch(_ number: Int, until isUp: @escaping @Sendable () async -> Bool) {
    guard !isStopped else { return }
    watches[number] = Task {
      guard await isUp() else { return }
      self.timeIsUp(number)
    }
  }

  private func timeIsUp(_ number: Int) {
    guard !isStopped, let entry = book[number] else { return }
    inTurn(entry.fault.resource) { await self.end(number) }
  }

  /// A fault that another covers is not looked at: what its target says is about the other.
  private func isOver(_ number: Int) async -> Bool {
    guard let entry = book[number], !book.isCovered(entry), let means = means(of: entry.fault) else { return false }
    return await means.isOver(entry.fault) == true
  }

  private func end(_ number: Int) async {
    // After a stop the turn that takes everything back comes next.
    guard !isStopped, let entry = book[number], entry.phase == .inForce else { return }
    guard !book.isCovered(entry) else { return await close(entry) }
    if let trouble = await putBack(entry.fault, besides: number) {
      book.change(number) { $0.phase = .stuck }
      watches[number] = nil
      await tellStuck(number, entry.fault, "\(trouble)")
      await say(number, entry.fault, .ended)
    } else {
      await close(entry)
    }
  }

  /// Says that a fault is over, and forgets it.
  private func close(_ entry: FaultBook.Entry) async {
    watches.removeValue(forKey: entry.number)?.cancel()
    book.remove(entry.number)
    await say(entry.number, entry.fault, .ended)
  }

  /// Brings back what was in force before a fault: the one that it covered for the rest of its time, else what somebody else had set, else
  /// nothing. Tried several times.
  /// - Returns: why it could not be done; nil when it was.
  private func putBack(_ fault: Fault, besides number: Int) async -> (any Error)? {
    guard let means = means(of: fault) else { return nil }
    var trouble: (any Error)?
    for attempt in 1...max(1, limits.tries) {
      let covered = isStopped ? nil : book.holder(of: fault.resource, besides: number)
      do {
        if let covered {
          let now = clock.now()
          // What is put back goes on without this one.
          book.change(number) { $0.endsAt = min($0.endsAt ?? now, now) }
          try await (self.means(of: covered.fault) ?? means).begin(covered.fault, lease: book.lease(of: fault.resource, now: now))
        } else if let found = book.found[fault.resource] {
          try await means.begin(found, lease: nil)
        } else {
          try await means.end(fault)
        }
        return nil
      } catch { trouble = error }
      if attempt < limits.tries { try? await clock.sleep(seconds: limits.pauseSeconds * clock.speed) }
    }
    return trouble
  }

  /// Takes back everything of a resource, at the end of the run.
  func clear(_ resource: FaultResource) async {
    let all = book.all(of: resource).filter { $0.phase != .waiting }
    if let last = all.last(where: { isTakenBack($0.fault) }) {
      if let trouble = await putBack(last.fault, besides: last.number) {
        await tellStuck(last.number, last.fault, "\(trouble)")
      } else {
        for entry in all where stuck.contains(entry.number) { await tellBack(entry.number, entry.fault) }
      }
    }
    for entry in all {
      book.remove(entry.number)
      if entry.phase == .inForce, entry.fault.seconds != nil { await say(entry.number, entry.fault, .ended) }
    }
  }
}
