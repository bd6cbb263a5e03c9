import Foundation
import TestSupport
import Testing

/// `contract check` and `contract init` over scrapes of a real media-service.
@Suite struct ContractCommandTests {
  private func fixture(_ name: String) -> String { Checkout.fixture("media-service/\(name)") }

  @Test func `a real scrape keeps the contract that is found by itself`() throws {
    let text = try run(
      dubwatchPath, ["contract", "check", "--metrics", fixture("metrics-during.txt"), "--logs", fixture("normal.log")])
    #expect(text.contains("contract media-service"))
    #expect(text.contains("24 of 24 signals as promised"))
    #expect(text.contains("9 × fragment-sent"))
    #expect(!text.contains("NO "))
  }

  @Test(arguments: [
    (["--contract", "spec-018", "--metrics", "metrics-after.txt"], 1), (["--metrics", "metrics-before.txt"], 1),
    (["--contract", "spec-081", "--metrics", "metrics-after.txt"], 2), (["--metrics", "no-such-file"], 3), ([], 2),
  ])
  func `what is not kept, not there or not asked for has its status`(arguments: [String], status: Int) {
    let arguments = arguments.map { $0.hasSuffix(".txt") ? fixture($0) : $0 }
    #expect {
      try run(dubwatchPath, ["contract", "check"] + arguments)
    } throws: { error in
      (error as? CommandFailed).map { Int($0.status) } == status
    }
  }

  @Test func `a contract and the template are printed and can be read`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    for arguments in [["media-service"], ["--template"], ["media-service-vad", "--whole"]] {
      try scratch.write("shown.yaml", try run(dubwatchPath, ["contract", "show"] + arguments))
      let text = try run(dubwatchPath, ["contract", "check", "--contract", scratch.file("shown.yaml")])
      #expect(text.contains(": can be read, "))
    }
    #expect(throws: CommandFailed.self) { try run(dubwatchPath, ["contract", "show"]) }
    #expect(throws: CommandFailed.self) { try run(dubwatchPath, ["contract", "show", "no-such"]) }
  }

  @Test func `the differences of the real service are told one by one`() throws {
    let call = "contract check --contract spec-018 --metrics \(fixture("metrics-after.txt")) --logs \(fixture("reconnect.log"))"
    let text = try run("/bin/sh", ["-c", "'\(dubwatchPath)' \(call); test $? = 1"])
    for number in 1...13 { #expect(text.contains("\n\(number < 10 ? " " : "")\(number)  "), "\(number): \(text)") }
  }

  @Test func `a draft is kept by what it was drafted from`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let yaml = try run(dubwatchPath, ["contract", "init", "--metrics", fixture("metrics-after.txt"), "--name", "mine"])
    try scratch.write("draft.yaml", yaml)
    let text = try run(
      dubwatchPath, ["contract", "check", "--contract", scratch.file("draft.yaml"), "--metrics", fixture("metrics-after.txt")])
    #expect(text.contains("contract mine: asked for"))
    #expect(!text.contains("NO "))
  }
}
