import Testing
import WireFormats

@Suite struct ProblemTests {
  @Test func `the catalogue has each code once with a status of the table`() {
    #expect(Set(ProblemCode.all.map(\.name)).count == ProblemCode.all.count)
    for code in ProblemCode.all {
      #expect([ExitStatus.no, ExitStatus.usage, ExitStatus.unavailable].contains(code.status), "\(code)")
      #expect(!code.meaning.isEmpty && "\(code)" == code.name)
    }
  }

  @Test(
    arguments: [
      (.negative, 1), (.badInput, 1), (.output, 1), (.usage, 2), (.unknownName, 2), (.document, 2), (.conflict, 2), (.file, 3),
      (.toolMissing, 3), (.tool, 3), (.endpoint, 3), (.stream, 3), (.environment, 3), (.terminal, 3), (.ending, 3),
    ] as [(ProblemCode, Int32)])
  func `every code has its exit status`(_ code: ProblemCode, _ status: Int32) {
    #expect(code.status == status && Problem(code, "x").status == status)
    #expect(ProblemCode.all.contains(code))
  }

  @Test func `words place and cause`() {
    struct Other: Error, CustomStringConvertible { var description: String { "other words" } }
    struct Carrier: ProblemCarrier { let problem: Problem }
    let problem = Problem(.toolMissing, "ffmpeg is not installed", hint: "install ffmpeg", cause: Other())
    #expect("\(problem)" == "ffmpeg is not installed: install ffmpeg")
    #expect("\(problem.at("a.mp4"))" == "a.mp4: ffmpeg is not installed: install ffmpeg" && problem.at("x").code == .toolMissing)
    #expect(Problem(Carrier(problem: problem), otherwise: .usage) == problem && problem.cause is Other)
    let wrapped = Problem(Other(), otherwise: .endpoint)
    #expect(wrapped.code == .endpoint && wrapped.sentence == "other words" && wrapped.cause is Other)
    #expect(Problem(.usage, "x") != Problem(.document, "x") && Problem(.usage, "x").hinting("y") != Problem(.usage, "x"))
    #expect(Set([problem, problem.at("x"), problem]).count == 2)
  }

  @Test(arguments: [(0, false), (1, false), (2, false), (3, false), (129, true), (130, true), (143, true)])
  func `a signal or a terminal that is gone ends whatever goes on after it`(status: Int32, isEnded: Bool) {
    #expect(ExitStatus.isEndedFromOutside(status) == isEnded)
  }
}
