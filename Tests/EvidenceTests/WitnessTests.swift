import Events
import RunModel
import TestSupport
import Testing

/// Every rule, over a run by which it is met, with each of its witnesses taken away in every way there is.
@Suite struct WitnessTests {
  @Test(arguments: Histories.all.map(\.name)) func `a run in which all is well meets all`(_ name: String) throws {
    let run = try #require(Histories.all.first { $0.name == name }?.run)
    let state = run.play()
    for entry in state.verdict.entries {
      #expect(entry.verdict.standing == .met, "\(entry.expectation.id): \(entry.verdict.reason)")
    }
    #expect(state.verdict.outcome == .passed)
  }

  /// The exact set of expectations that each mutant turns; what is not in it stays met.
  @Test func `what each witness is needed for is written down`() throws {
    let sections = Histories.all.map { name, run in
      var lines: [String] = []
      for mutant in Mutants.all {
        var run = run
        mutant.change(&run)
        let state = run.play()
        lines.append("\(mutant.name): \(state.verdict.outcome.rawValue)")
        for standing in [Verdict.Standing.violated, .unobservable] {
          let ids = state.verdict.entries.filter { $0.verdict.standing == standing }.map(\.expectation.id)
          if !ids.isEmpty { lines.append("  \(standing.word): \(ids.joined(separator: " "))") }
        }
      }
      return Golden.Section(name: name, text: lines.joined(separator: "\n") + "\n")
    }
    try Golden.expect(sections, "witnesses")
  }

  /// A rule that stays met when all its witnesses are gone is a defect.
  @Test func `nothing unseen is met`() {
    for (name, run) in Histories.all {
      var blind = run
      blind.isLogReadable = false
      blind.lines = []
      blind.pages = []
      blind.output = nil
      blind.published = nil
      blind.services = []
      let met = blind.play().verdict.entries.filter { $0.verdict.standing == .met }.map(\.expectation.id)
      // What dubwatch does itself it sees itself.
      #expect(Set(met).isSubset(of: ["steps", "conditions"]), "\(name): \(met)")
      #expect(blind.play().verdict.outcome != .passed)
    }
  }
}
