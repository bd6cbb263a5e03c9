import Foundation
import TestSupport
import Testing

/// Every command called wrongly: one sentence, and the status of the table in the manual.
@Suite struct CommandLineTests {
  /// A call, its status and words of its sentence.
  struct Call: CustomStringConvertible, Sendable {
    let words: [String]
    let status: Int32
    let says: String

    init(_ words: String, _ status: Int32, _ says: String) {
      self.words = words.split(separator: " ").map(String.init)
      self.status = status
      self.says = says
    }

    var description: String { words.joined(separator: " ") }
  }

  static let calls: [Call] = [
    // Commands and options that there are not.
    Call("demoo", 2, "there is no command 'demoo': did you mean demo?"), Call("env upp", 2, "env has no command 'upp': did you mean up?"),
    Call("serve echo", 2, "serve has no command 'echo': did you mean echo-sts?"), Call("nothinglike", 2, "commands are demo, watch"),
    Call("demo --sped 4", 2, "unknown option --sped: did you mean --speed?"),
    Call("demo --foo", 2, "`dubwatch demo --help` lists what there is"),
    Call("run --headles x", 2, "did you mean --headless?"), Call("watch --helth a=b", 2, "did you mean --health?"),
    Call("frame --siz 80x24", 2, "did you mean --size?"), Call("probe x --jsn", 2, "did you mean --json?"),
    Call("metrics x --jsno", 2, "did you mean --json?"), Call("scenarios --shwo x", 2, "did you mean --show?"),
    Call("fixture make --forc", 2, "did you mean --force?"), Call("fixture verif x", 2, "did you mean verify?"),
    Call("contract chekc", 2, "did you mean check?"), Call("env down --al", 2, "did you mean --all?"),
    Call("serve echo-sts --prot 1", 2, "did you mean --port?"), Call("doctor --no-dokcer", 2, "did you mean --no-docker?"),
    Call("help demoo", 2, "did you mean \"demo\"?"),
    // Values that are missing, negative or none.
    Call("probe x --duration", 2, "--duration needs a value"), Call("demo --speed", 2, "--speed needs a value"),
    Call("demo --speed --plain", 2, "--speed needs a value"),
    Call("probe x --duration -5", 2, "--duration is -5.0, but must be 1 to 86400"),
    Call("demo --speed -1", 2, "--speed is -1.0, but must be 1 to 20"),
    Call("demo --speed fast", 2, "--speed is 'fast', but must be a number"),
    Call("watch --interval 0", 2, "--interval is 0.0, but must be 0.1 to 3600"), Call("demo --theme drak", 2, "did you mean dark?"),
    Call("demo --plain=yes", 2, "--plain takes no value"), Call("run x --repeat 0", 2, "1 to 10000"),
    Call("serve echo-sts --port 99999", 2, "0 to 65535"), Call("env up --up-timeout 0", 2, "1 to 3600"),
    // Words that are missing, or too many.
    Call("metrics", 2, "metrics needs URL|FILE|-"), Call("probe", 2, "probe needs URL|FILE|-"),
    Call("healthcheck", 1, "healthcheck needs URL"),
    Call("run", 2, "which scenario?"), Call("fixture verify", 2, "fixture verify needs FILE"), Call("contract init", 2, "needs --metrics"),
    Call("demo everything more", 2, "one word too many"), Call("doctor now", 2, "one word too many"),
    // Names of things.
    Call("demo circuit-braker", 2, "did you mean circuit-breaker?"), Call("run circuit-braker", 2, "circuit-breaker"),
    Call("scenarios --show circuit-braker", 2, "circuit-breaker"), Call("frame --demo evrything", 2, "did you mean everything?"),
    Call("watch --contract spec-19", 2, "spec-018"),
    // What cannot be had.
    Call("run /nonexistent.yaml", 3, "/nonexistent.yaml"), Call("metrics /nonexistent", 3, "/nonexistent"),
    Call("probe /nonexistent", 3, "/nonexistent"), Call("fixture verify /nonexistent", 3, "/nonexistent"),
    Call("watch --config /nonexistent.yaml", 3, "/nonexistent.yaml"), Call("env up --config /nonexistent.yaml", 3, "/nonexistent.yaml"),
    Call("metrics http://127.0.0.1:1/metrics", 3, "refused"), Call("healthcheck http://127.0.0.1:1/", 1, "refused"),
    Call("probe http://127.0.0.1:1/x", 3, "refused"), Call("contract check --metrics http://127.0.0.1:1/m", 3, "refused"),
    Call("demo --fixture /nonexistent.mp4 --plain", 3, "/nonexistent.mp4"),
    Call("serve echo-sts --host 192.0.2.1 --port 0", 3, "this machine has no such address"),
    Call("serve stream-origin --host no.such.host.invalid --port 0", 3, "there is no host of that name"),
    // Secrets.
    Call("watch --health a=http://user:hunter2@127.0.0.1:1/", 2, "env:VARIABLE"),
    Call("metrics http://user:hunter2@127.0.0.1:1/", 2, "env:VARIABLE"), Call("probe rtmp://h/live?token=hunter2", 2, "env:VARIABLE"),
    Call("run x --env attach --publish rtmp://user:hunter2@h/a/b", 2, "env:VARIABLE"),
    Call("healthcheck http://user:hunter2@127.0.0.1:1/", 1, "env:VARIABLE"),
    Call("serve media-service --input rtsp://user:hunter2@h/a", 2, "env:VARIABLE"),
    Call("contract check --metrics=http://user:hunter2@h/", 2, "env:VARIABLE"),
    Call("probe env:DUBWATCH_NO_SUCH", 2, "is not set, or empty"),
  ]

  @Test(arguments: calls)
  func `a wrong call gets one sentence and its status`(_ call: Call) async throws {
    let result = await (try ChildProgram(dubwatchPath, call.words)).result(within: 30)
    #expect(result.status == call.status, "\(result)")
    #expect(result.errors.lowercased().contains(call.says.lowercased()), "\(result)")
    #expect(result.errors.hasPrefix("dubwatch: ") && result.errors.split(separator: "\n").count == 1, "\(result)")
    for word in ["hunter2", "errno", "Error:", "Usage:", "(descriptor", "Optional("] { #expect(!result.errors.contains(word), "\(result)") }
  }

  @Test(arguments: ["demo --fixture /etc/passwd --plain", "demo --fixture /etc/passwd --plain --speed 4"])
  func `an environment that failed is 3`(words: String) async throws {
    let result = await (try ChildProgram([dubwatchPath] + words.split(separator: " ").map(String.init))).result(within: 60)
    #expect(result.status == 3, "\(result)")
    #expect(!result.output.contains("errno") && !result.errors.contains("errno"))
  }

  @Test(arguments: [("INT", Int32(130)), ("TERM", 143), ("HUP", 129)])
  func `a service that a signal ends says so by its status`(name: String, status: Int32) async throws {
    let program = try ChildProgram(dubwatchPath, ["serve", "echo-sts", "--port", "0"])
    #expect(await eventually { program.errors.contains("listens on port ") })
    program.send(["INT": SIGINT, "TERM": SIGTERM, "HUP": SIGHUP][name] ?? SIGTERM)
    #expect(await program.result(within: 30).status == status)
  }

  @Test func `a port in use is said in one sentence`() async throws {
    let first = try ChildProgram(dubwatchPath, ["serve", "echo-sts", "--port", "0"])
    let line = try #require(await eventually { first.errors.contains("listens on port ") } ? first.errors : nil)
    let port = try #require(line.split(whereSeparator: { $0 == " " || $0 == "\n" }).last.map(String.init))
    let result = await (try ChildProgram(dubwatchPath, ["serve", "echo-sts", "--port", port])).result(within: 30)
    #expect(result.status == 3)
    #expect(result.errors.contains("echo-sts cannot listen on") && result.errors.contains("the port is in use"), "\(result)")
    #expect(!result.errors.contains("errno") && result.errors.components(separatedBy: "cannot").count == 2, "\(result)")
  }

  @Test(arguments: [
    "scenarios", "scenarios --faults", "help", "help run", "--help", "--version", "demo --help", "doctor --no-docker",
    "metrics \(Checkout.path("fixtures/prometheus/metrics-after.txt"))", "demo everything --speed 20 --plain",
    "frame --demo everything --after 1 --speed 20 --size 80x24",
  ])
  func `output that cannot be kept is said, and the status is 1`(words: String) async throws {
    let result = await (try ChildProgram(["/bin/sh", "-c", "exec \"$0\" \(words) > /dev/full", dubwatchPath])).result(within: 60)
    #expect(result.status == 1, "\(result)")
    #expect(result.errors.contains("dubwatch: the output cannot be written: no space left on device"), "\(result)")
  }

  @Test func `a URL with a password comes from a variable`() async throws {
    let program = try ChildProgram(
      [dubwatchPath, "metrics", "env:SECRET_URL"], environment: ["SECRET_URL": "http://user:hunter2@127.0.0.1:1/metrics"])
    let result = await program.result(within: 30)
    #expect(result.status == 3 && result.errors.contains("refused") && !result.errors.contains("hunter2"), "\(result)")
  }

  @Test func `lines are ASCII where the locale is`() async throws {
    let program = try ChildProgram(
      [dubwatchPath, "demo", "circuit-breaker", "--speed", "20", "--plain"], environment: ["LC_ALL": "C"])
    #expect(await eventually(within: 60) { program.output.contains("->") })
    #expect(program.output.utf8.allSatisfy { $0 < 0x80 })
  }
}

/// Settings of the user, and an installed program.
@Suite struct SettingsCommandTests {
  @Test func `config says what is in force and where it comes from`() async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try FileManager.default.createDirectory(atPath: scratch.file("dubwatch"), withIntermediateDirectories: true)
    let file = scratch.file("dubwatch/config.yaml")
    let text = """
      theme: light
      keys: {quit: x}
      health:
        api: {url: "http://127.0.0.1:1/health", user: bob, password_env: SECRET}
      """
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    let program = try ChildProgram([dubwatchPath, "config"], environment: ["XDG_CONFIG_HOME": scratch.path, "SECRET": "hunter2"])
    let result = await program.result(within: 30)
    #expect(result.status == 0, "\(result)")
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(lines.first == "\(file): read")
    func line(_ name: String) -> String { lines.first { $0.hasPrefix(name + " ") } ?? "" }
    #expect(line("theme").contains("light") && line("theme").hasSuffix(file))
    #expect(line("keys.quit").contains(" x ") && line("keys.quit").hasSuffix(file) && line("keys.pause").hasSuffix("built in"))
    #expect(line("contract").contains("auto") && line("contract").hasSuffix("built in"))
    #expect(line("health.api").contains("the variable SECRET") && !result.output.contains("hunter2"))
  }

  @Test func `a mistake in the usual settings is said by every command that reads them`() async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try FileManager.default.createDirectory(atPath: scratch.file("dubwatch"), withIntermediateDirectories: true)
    try Data("theme: drak\n".utf8).write(to: URL(fileURLWithPath: scratch.file("dubwatch/config.yaml")))
    for words in [["config"], ["demo", "--plain"], ["watch", "--plain"], ["run", "circuit-breaker"]] {
      let result = await (try ChildProgram([dubwatchPath] + words, environment: ["XDG_CONFIG_HOME": scratch.path])).result(within: 30)
      #expect(
        result.status == 2 && result.errors.contains("config.yaml:1: theme: unknown word \"drak\"; did you mean \"dark\"?"), "\(result)")
    }
  }

  @Test func `output that is closed is said, and nothing else is written to`() async throws {
    for (words, status, says) in [
      ("--version >&-", 1 as Int32, "the output cannot be written: bad file descriptor"), ("scenarios >&- 2>&-", 1, ""),
      ("nonsense 2>&-", 2, ""), ("--version <&-", 0, ""),
    ] {
      let result = await (try ChildProgram(["/bin/sh", "-c", "exec \(shellQuoted(dubwatchPath)) \(words)"])).result(within: 30)
      #expect(result.status == status && (says.isEmpty || result.errors.contains(says)), "\(words): \(result)")
    }
  }

  @Test func `a pipe into which nobody writes is waited for so long and no longer`() async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    #expect(mkfifo(scratch.file("pipe"), 0o600) == 0)
    let result = await (try ChildProgram([dubwatchPath, "metrics", "--timeout", "0.3", scratch.file("pipe")])).result(within: 30)
    #expect(result.status == 3 && result.errors.contains("nothing came out of this pipe for 0.3 s"), "\(result)")
    let piped = await (try ChildProgram(["/bin/bash", "-c", "\(shellQuoted(dubwatchPath)) metrics <(sleep 0.2; echo 'up 1')"])).result(
      within: 30)
    #expect(piped.status == 0 && piped.output.contains("up"), "\(piped)")
  }

  @Test func `an installed program needs no checkout`() async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let root = scratch.file("usr")
    let script = Checkout.path("Tests/Support/install.sh")
    let made = await (try ChildProgram([script, dubwatchPath, root])).result(within: 120)
    #expect(made.status == 0, "\(made)")
    for (file, holds) in [
      ("share/bash-completion/completions/dubwatch", "circuit-breaker"), ("share/zsh/site-functions/_dubwatch", "circuit-breaker"),
      ("share/fish/vendor_completions.d/dubwatch.fish", "circuit-breaker"), ("share/man/man1/dubwatch.1", "dubwatch circuit"),
      ("share/dubwatch/compose/docker-compose.yml", "echo-sts"), ("share/dubwatch/compose/offline-context.sh", "FROM scratch"),
    ] {
      let text = (try? String(contentsOfFile: "\(root)/\(file)", encoding: .utf8)) ?? ""
      #expect(text.contains(holds) || file.hasSuffix(".1") && text.contains(".SH NAME"), "\(file): \(text.prefix(300))")
    }
    let listed = await (try ChildProgram(["\(root)/bin/dubwatch", "scenarios"], environment: ["HOME": scratch.path])).result(within: 30)
    #expect(listed.status == 0 && listed.output.contains("circuit-breaker"), "\(listed)")
    let up = await (try ChildProgram(["\(root)/bin/dubwatch", "env", "up"], environment: ["HOME": scratch.path], directory: scratch.path))
      .result(within: 30)
    #expect(up.status == 3 && up.errors.contains("add --offline"), "\(up)")
  }
}
