import Foundation
import Synchronization
import TestSupport
import Testing
import WireFormats

@testable import ProcessGuard

@Suite struct GuardedProcessTests {
  /// What a child wrote.
  final class Output: Sendable {
    private let bytes = Mutex<[GuardedProcess.Channel: [UInt8]]>([:])

    func take(_ channel: GuardedProcess.Channel, _ new: [UInt8]) { bytes.withLock { $0[channel, default: []] += new } }
    func text(_ channel: GuardedProcess.Channel = .standardOutput) -> String {
      bytes.withLock { String(decoding: $0[channel] ?? [], as: UTF8.self) }
    }
  }

  private let processGuard = ProcessGuard(executable: nil)

  private func shell(_ script: String, environment: [String: String?] = [:], in directory: String? = nil) async throws -> (
    GuardedProcess, Output
  ) {
    let output = Output()
    let request = ChildRequest("sh", ["-c", script], environment: environment, workingDirectory: directory)
    return (try await processGuard.start(request) { channel, bytes in output.take(channel, bytes) }, output)
  }

  @Test(.timeLimit(.minutes(1)))
  func `gives output and status`() async throws {
    let (child, output) = try await shell("printf 'a\\nb'; echo wrong >&2; exit 7")
    #expect(await child.waitForExit() == .exited(7))
    #expect(output.text() == "a\nb")
    #expect(output.text(.standardError) == "wrong\n")
  }

  @Test(.timeLimit(.minutes(1)))
  func `gives environment directory and empty input`() async throws {
    let (child, output) = try await shell(
      "pwd; echo $GREETING; echo ${HOME-none}; cat; echo end", environment: ["GREETING": "hi", "HOME": String?.none], in: "/usr")
    #expect(await child.waitForExit() == .exited(0))
    #expect(output.text() == "/usr\nhi\nnone\nend\n")
  }

  @Test(.timeLimit(.minutes(1)))
  func `gives what is fed and the end of it`() async throws {
    let output = Output()
    let (input, feed) = AsyncStream.makeStream(of: [UInt8].self)
    let child = try await processGuard.start(ChildRequest("sh", ["-c", "cat; echo end"]), input: input) { output.take($0, $1) }
    // More than any pipe holds.
    let piece = Array(repeating: UInt8(ascii: "x"), count: 100_000)
    for _ in 0..<20 { feed.yield(piece) }
    feed.finish()
    #expect(await child.waitForExit() == .exited(0))
    #expect(output.text().utf8.count == 2_000_000 + 4)
    #expect(output.text().hasSuffix("xend\n"))
  }

  @Test(.timeLimit(.minutes(1)))
  func `a child that reads nothing ends all the same`() async throws {
    let (input, feed) = AsyncStream.makeStream(of: [UInt8].self)
    for _ in 0..<20 { feed.yield(Array(repeating: 0, count: 100_000)) }
    let child = try await processGuard.start(ChildRequest("true"), input: input)
    #expect(await child.waitForExit() == .exited(0))
    let second = try await processGuard.start(ChildRequest("sleep", ["60"]), input: AsyncStream { $0.yield([0]) })
    #expect(await second.terminate(grace: 1) == .signalled(15))
    feed.finish()
  }

  @Test(.timeLimit(.minutes(1)))
  func `arguments arrive unchanged`() async throws {
    let output = Output()
    let child = try await processGuard.start(ChildRequest("printf", ["%s|", "a b", "$HOME", "'\"", "", "-x"])) { output.take($0, $1) }
    #expect(await child.waitForExit() == .exited(0))
    #expect(output.text() == "a b|$HOME|'\"||-x|")
  }

  @Test(arguments: ["/nonexistent/program", "no-such-program-anywhere"])
  func `says what cannot be started`(executable: String) async {
    await #expect(throws: Problem.self) { try await processGuard.start(ChildRequest(executable)) }
  }

  @Test(.timeLimit(.minutes(1)))
  func `terminates in stages`() async throws {
    let (polite, politeOutput) = try await shell("trap 'echo bye; exit 3' TERM; echo up; while :; do sleep 0.05; done")
    #expect(await eventually { politeOutput.text().contains("up") })
    #expect(await polite.terminate(grace: 10) == .exited(3))
    #expect(politeOutput.text() == "up\nbye\n")
    let (deaf, deafOutput) = try await shell("trap '' TERM; echo up; while :; do sleep 0.05; done")
    #expect(await eventually { deafOutput.text().contains("up") })
    #expect(await deaf.terminate(grace: 0.2) == .signalled(SIGKILL))
  }

  /// A grandchild that keeps the streams open does not keep the end of the child from being seen, and is ended too.
  @Test(.timeLimit(.minutes(1)))
  func `grandchildren end with the child`() async throws {
    let word = "83\(Int.random(in: 10_000...99_999))"
    let (child, output) = try await shell("sleep \(word) & echo up")
    #expect(await child.waitForExit() == .exited(0))
    #expect(output.text() == "up\n")
    #expect(await eventually { processes(holding: "sleep\u{0}\(word)").isEmpty })
  }

  /// A child that makes a session of its own, in three ways; one also clears its environment, but its parent waits.
  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      "exec setsid sleep WORD", "setsid sleep WORD", "setsid -f sleep WORD; sleep WORD",
      "(setsid sh -c 'trap \"\" TERM HUP; while :; do sleep WORD; done' &) ; sleep WORD",
      "env -i setsid -w sleep WORD; true",
    ])
  func `what leaves the session ends with it`(script: String) async throws {
    let word = "84\(Int.random(in: 10_000...99_999))"
    let (child, _) = try await shell(script.replacingOccurrences(of: "WORD", with: word))
    // The first ends by itself, as setsid forks and does not wait when it leads a group: what it started is ended then.
    if script.hasPrefix("exec") {
      #expect(await child.waitForExit() == .exited(0))
    } else {
      let count = script.contains("-f") || script.contains("while") ? 2 : 1
      #expect(await eventually { processes(holding: "sleep\u{0}\(word)").count >= count })
      await child.terminate(grace: 0.5)
    }
    #expect(await eventually { processes(holding: word).isEmpty })
  }

  /// The guard of a program that is our child is left alone: it ends by itself when its work is done.
  @Test(.timeLimit(.minutes(1)))
  func `guards of children do their work`() async throws {
    let probe = try #require(Checkout.program("guardprobe"), "guardprobe is not built")
    let scratch = try Scratch()
    defer { scratch.remove() }
    let (child, output) = try await shell("'\(probe)' --command 'sleep 3; echo ran > \(scratch.file("ran"))'; true")
    #expect(await eventually { output.text().contains("ready") })
    await child.terminate(grace: 0.1)
    #expect(await eventually { scratch.exists("ran") })
  }

  @Test(.timeLimit(.minutes(1)))
  func `shutdown ends all at the same time and takes no more`() async throws {
    let own = ProcessGuard(executable: nil)
    var children: [GuardedProcess] = []
    for _ in 0..<4 { children.append(try await own.start(ChildRequest("sh", ["-c", "trap '' TERM; while :; do sleep 0.05; done"]))) }
    let start = ContinuousClock.now
    await own.shutdown(grace: 0.5)
    #expect(ContinuousClock.now - start < .seconds(6))
    for child in children { #expect(ProcessTable.entry(child.pid)?.isZombie ?? true) }
    await #expect(throws: Problem.self) { try await own.start(ChildRequest("true")) }
  }

  @Test func `a later process of the same number is not touched`() throws {
    let own = try #require(ProcessIdentity.of(getpid()))
    let stranger = ChildSession(leader: ProcessIdentity(pid: own.pid, startTicks: own.startTicks + 1), mark: "none")
    #expect(!stranger.isAlive)
    stranger.signal(SIGKILL)
  }
}
