import Contracts
import Events
import Fleet
import WireFormats

/// Asks one engine for its workers, again and again: at most ``FleetQueries/requestLimit`` requests a refresh.
package actor FleetReader {
  /// What was asked last, and how long it took.
  package struct Cost: Hashable, Sendable {
    /// How many requests.
    package var requests = 0
    /// Real seconds from the first request to the last answer.
    package var seconds = 0.0
  }

  /// What it is called in sentences: the URL without secrets.
  package nonisolated let name: String
  /// Asks the engine.
  package nonisolated let client: EngineClient
  private let choice: ContractChoice
  private let match: LabelMatchers
  private let place: Int
  private let wallNow: @Sendable () -> WallTime
  private var engine: FleetEngine?
  private var turn = 0
  /// What was asked last.
  package private(set) var cost = Cost()

  /// A reader that has not asked yet.
  /// - Parameters:
  ///   - place: the engine's place among those that are asked.
  ///   - wallNow: the time of this machine.
  package init(
    _ client: EngineClient, place: Int = 0, contract: ContractChoice, match: LabelMatchers, wallNow: @escaping @Sendable () -> WallTime
  ) {
    name = client.engine.target.description
    self.client = client
    self.place = place
    choice = contract
    self.match = match
    self.wallNow = wallNow
  }

  /// Asks once.
  /// - Returns: what is known now; a clause where not even the contract could be found out.
  package func refresh() async -> Result<FleetEngine, EngineTrouble> {
    cost = Cost()
    let clock = ContinuousClock()
    let start = clock.now
    defer { cost.seconds = start.duration(to: clock.now) / .seconds(1) }
    var engine: FleetEngine
    do throws(EngineTrouble) { engine = FleetEngine(place: place, queries: try await queries()) } catch { return .failure(error) }
    if let known = self.engine { engine = known }
    let queries = engine.queries
    var answers = await ask(queries)
    // A refresh that had to find out the contract has no request left for what changes seldom.
    if cost.requests < FleetQueries.requestLimit {
      await askSeldom(queries, after: engine, &answers)
      turn += 1
    }
    engine.take(answers)
    self.engine = engine
    return .success(engine)
  }

  /// What changes seldom shares the last request: first the interval, without which nothing is told to be current.
  private func askSeldom(_ queries: FleetQueries, after engine: FleetEngine, _ answers: inout FleetAnswers) async {
    switch turn % Self.turns {
    case 0:
      var after = engine
      after.take(answers)
      let examples = after.examples.prefix(FleetQueries.spacingLimit)
      guard !examples.isEmpty else { return }
      answers.spacingJobs = examples.map(\.job)
      answers.spacing = await taking(.spacing, &answers) { [client] () throws(EngineTrouble) in
        try await client.query(queries.spacing(of: examples.map(\.instance)))
      }
    case 1: answers.families = await taking(.families, &answers) { [client] () throws(EngineTrouble) in try await client.families() }
    default:
      let end = answers.engineTime ?? wallNow().epochSeconds
      guard let query = queries.strip,
        let span = EngineSpan(start: end - FleetQueries.stripSeconds + FleetQueries.stripStep, end: end, step: FleetQueries.stripStep)
      else { return }
      let course = await taking(.strip, &answers) { [client] () throws(EngineTrouble) in try await client.range(query, over: span) }
      answers.strip = course.map { (result: $0, end: end) }
    }
  }

  /// The queries of the contract, which is found out at first.
  private func queries() async throws(EngineTrouble) -> FleetQueries {
    if let engine { return engine.queries }
    switch choice {
    case .fixed(let contract, _): return FleetQueries(contract: contract, match: match)
    case .auto(let candidates):
      cost.requests += 1
      let names = try await client.values(of: "__name__", matching: match.all.isEmpty ? nil : match.text)
      guard let found = FleetQueries.detect(among: candidates, names: Set(names)) else {
        let known = candidates.map(\.name).joined(separator: ", ")
        throw .unreadable("none of its \(names.count) metrics is of a known contract (\(known)): give --contract, or another --match")
      }
      return FleetQueries(contract: found, match: match)
    }
  }

  /// Of how many refreshes each asks something else beside the figures.
  private static let turns = 3

  /// Whether everything was asked at least once.
  package var isSettled: Bool { turn >= Self.turns }

  private enum Part: Sendable {
    case reachability(Result<EngineResult, EngineTrouble>)
    case freshness(Result<EngineResult, EngineTrouble>)
    case figure(FleetFigure, Result<EngineResult, EngineTrouble>)
    case alerts(Result<[EngineAlert], EngineTrouble>)
  }

  private func ask(_ queries: FleetQueries) async -> FleetAnswers {
    let client = client
    let before = wallNow().epochSeconds
    var answers = FleetAnswers(askedAt: before)
    cost.requests += 2 + queries.figures.count + (queries.freshness == nil ? 0 : 1)
    @Sendable func query(_ text: String) async -> Result<EngineResult, EngineTrouble> {
      do throws(EngineTrouble) { return .success(try await client.query(text)) } catch { return .failure(error) }
    }
    await withTaskGroup(of: Part.self) { group in
      group.addTask { .reachability(await query(queries.reachability)) }
      if let freshness = queries.freshness { group.addTask { .freshness(await query(freshness)) } }
      for asked in queries.figures { group.addTask { .figure(asked.figure, await query(asked.query)) } }
      group.addTask {
        do throws(EngineTrouble) { return .alerts(.success(try await client.alerts())) } catch { return .alerts(.failure(error)) }
      }
      for await part in group {
        switch part {
        case .reachability(let result): answers.reachability = Self.value(result, of: .reachability, &answers)
        case .freshness(let result): answers.freshness = Self.value(result, of: .freshness, &answers)
        case .figure(let figure, let result): answers.figures[figure] = Self.value(result, of: .figure(figure), &answers)
        // VictoriaMetrics evaluates no alerts itself: that it has no such route is no trouble.
        case .alerts(.failure(.noAPI)), .alerts(.failure(.refused)): answers.alerts = []
        case .alerts(let result): answers.alerts = Self.value(result, of: .alerts, &answers)
        }
      }
    }
    answers.askedAt = (before + wallNow().epochSeconds) / 2
    return answers
  }

  private func taking<Value: Sendable>(
    _ question: FleetQuestion, _ answers: inout FleetAnswers, _ ask: @Sendable () async throws(EngineTrouble) -> Value
  ) async -> Value? {
    cost.requests += 1
    do throws(EngineTrouble) { return try await ask() } catch {
      answers.troubles[question] = error
      return nil
    }
  }

  private static func value<Value>(
    _ result: Result<Value, EngineTrouble>, of question: FleetQuestion, _ answers: inout FleetAnswers
  ) -> Value? {
    switch result {
    case .success(let value): return value
    case .failure(let trouble):
      answers.troubles[question] = trouble
      return nil
    }
  }
}
