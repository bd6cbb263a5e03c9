/// A disturbance that dubwatch can make, as data: one row of ``all``.
///
/// The menu, the scenario reader, the check before a start, the desk that times faults and takes them back, and the manual read these rows;
/// only who does a fault (a `FaultMeans` of HarnessCore) knows more of it.
package struct FaultKind: Sendable, Identifiable {
  /// Who can do it.
  package enum Means: String, Sendable, CaseIterable {
    /// The speech service, asked by its simulation events or by its `/control`.
    case speech
    /// The worker, asked by its `/control`.
    case worker
    /// Whoever runs the worker's process.
    case workerProcess
    /// Whoever runs the containers.
    case containers
    /// Whoever publishes the test stream: dubwatch itself.
    case publisher
  }

  /// Whom it is done to.
  package enum Target: Hashable, Sendable {
    case service(ServiceName)
    /// The service that this parameter names; the menu offers each of the data model's three.
    case named(FaultParameter.Name)
  }

  /// What of its target it changes: two faults that change the same must not undo each other.
  package enum Aspect: String, Sendable, CaseIterable {
    case errors, connection, outage, backpressure, latency, audio, process, publishing
  }

  /// How it goes.
  package enum Course: Hashable, Sendable {
    /// Over as soon as it is done; nothing is left to take back.
    case blow
    /// Told as a moment, but in force until another is set, or the run ends.
    case setting
    /// It lasts as many seconds as a parameter says.
    case lasting(FaultParameter.Name, since: Start)
    /// It lasts until the target has done all it was asked for, and no longer than so many seconds.
    case untilOver(withinSeconds: Double)
  }

  /// From when the seconds of a lasting fault count.
  package enum Start: Hashable, Sendable {
    /// From when it was asked for.
    case asked
    /// From when it was done.
    case done
  }

  /// What a second fault does while one is in force on the same aspect of the same target.
  package enum Overlap: Hashable, Sendable {
    /// The later one holds; when it ends, the earlier one is in force again for the rest of its time.
    case covers
    /// It cannot be done.
    case refused
  }

  /// What becomes of it when the run ends.
  package enum RunEnd: Hashable, Sendable {
    /// It is taken back if the services live on.
    case takenBack
    /// It is taken back in any case: it would hold up the end of its target.
    case alwaysTakenBack
    /// Its target ends with the run.
    case nothing
  }

  /// The same fault with some values of its own, under a name of its own.
  package struct Preset: Sendable {
    /// The name, for the menu and for scenarios.
    package let id: String
    /// What its values are.
    package let values: [FaultParameter.Name: FaultValue]
  }

  /// The stable name, as scenarios write it. Each stands in the table and nowhere else.
  package let id: String
  /// Who can do it.
  package let means: Means
  /// Whom it is done to.
  package let target: Target
  /// What of it is changed.
  package let aspect: Aspect
  /// How it goes.
  package let course: Course
  /// What a second one does meanwhile.
  package var overlap = Overlap.covers
  /// What becomes of it when the run ends.
  package var runEnd = RunEnd.takenBack
  /// What it takes.
  package var parameters: [FaultParameter] = []
  /// What the menu offers instead of the fault with its usual values; scenarios may write these names too.
  package var presets: [Preset] = []
  /// One sentence for the manual: what happens.
  package let sentence: String
  /// What the menu says, with the values.
  package let title: @Sendable (Fault) -> String
  /// What exactly, in few words, for the timeline.
  package let detail: @Sendable (Fault) -> String
  /// The same at its end, where that is less.
  package var endDetail: (@Sendable (Fault) -> String)?
  /// What the history calls it, where that is not its name.
  package var word: (@Sendable (Fault) -> String)?

  /// A parameter by its name.
  package func parameter(_ name: FaultParameter.Name) -> FaultParameter? { parameters.first { $0.name == name } }
}

extension FaultKind: Hashable {
  /// A kind is its name.
  package static func == (left: FaultKind, right: FaultKind) -> Bool { left.id == right.id }
  /// A kind is its name.
  package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension FaultKind {
  /// The kind that a word of a scenario or of the menu means, with the values that the word stands for; nil for a word that means none.
  static func named(_ id: String) -> (kind: FaultKind, values: [FaultParameter.Name: FaultValue])? {
    for kind in all {
      if kind.id == id { return (kind, [:]) }
      if let preset = kind.presets.first(where: { $0.id == id }) { return (kind, preset.values) }
      if case .named(let name) = kind.target, id.hasPrefix(kind.id + ":") {
        return (kind, [name: .word(String(id.dropFirst(kind.id.count + 1)))])
      }
    }
    return nil
  }

  /// Whether a fault that the timeline calls so ends, starts or freezes the process of a service.
  package static func disturbsProcess(called word: String) -> Bool {
    all.contains { $0.aspect == .process && ($0.id == word || $0.id.replacing("-", with: " ") == word) }
  }

  /// Every word that a scenario can write for a fault.
  package static var words: [String] { all.flatMap { [$0.id] + $0.presets.map(\.id) } }

  /// The parameters that go with a word of ``words``: none with the name of a preset. Nil for another word.
  package static func parameters(of word: String) -> [FaultParameter]? {
    guard words.contains(word), let (kind, values) = named(word) else { return nil }
    return values.isEmpty ? kind.parameters : []
  }
}
