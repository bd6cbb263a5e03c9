import HarnessCore
import ProcessGuard
import WireFormats

/// Looks at what dubwatch needs of a machine.
package struct Doctor {
  /// One thing looked at.
  package struct Check: Sendable {
    /// How it stands.
    package enum Standing: Sendable {
      case good, note
      /// Not there, and not needed for a demo.
      case absent
      /// Not there, and a demo cannot do without.
      case missing

      var sign: String { self == .good ? "✓" : self == .missing ? "✗" : "·" }
      var plainSign: String { self == .good ? "ok  " : self == .missing ? "MISS" : self == .absent ? "opt." : "note" }
    }

    /// What was looked at.
    package var name: String
    /// How it stands.
    package var standing: Standing
    /// What was found, and what to do.
    package var text: String
  }

  private let runner: CommandRunner
  private let dockerCLI: DockerCLI
  let environment: [String: String]
  /// How long a tool may take to say its version, in real seconds.
  private static let limit = 20.0

  private init(_ processGuard: ProcessGuard, environment: [String: String]) {
    runner = CommandRunner(processGuard: processGuard)
    dockerCLI = DockerCLI(processGuard: processGuard)
    self.environment = environment
  }

  /// Looks at everything that commands of dubwatch need.
  /// - Parameter docker: whether at Docker too, which only compose environments need.
  package static func checks(docker: Bool) async -> [Check] {
    await withProcessGuard { processGuard in
      let doctor = Doctor(processGuard, environment: Host.environment)
      var checks: [Check] = []
      for tool in ["ffmpeg", "ffprobe"] { checks.append(await doctor.tool(tool)) }
      checks += await doctor.encoders()
      checks += [doctor.terminal(), doctor.locale(), doctor.ports()]
      return checks + (docker ? await doctor.docker() : [])
    }
  }

  /// Whether the demo can run.
  package static func isDemoPossible(_ checks: [Check]) -> Bool { !checks.contains { $0.standing == .missing } }

  /// What the checks come to: a sentence.
  private static func conclusion(_ checks: [Check]) -> String {
    let missing = checks.filter { $0.standing == .missing }.map(\.name)
    let absent = checks.filter { $0.standing == .absent }.map(\.name)
    guard missing.isEmpty else { return "needed and missing: \(missing.joined(separator: ", "))" }
    let rest = absent.isEmpty ? "" : "; only compose environments need what is missing (\(absent.joined(separator: ", ")))"
    return "`dubwatch demo` can run\(rest)"
  }

  /// The checks as lines, one each, and what they come to.
  package static func lines(_ checks: [Check]) -> [String] {
    let width = checks.map(\.name.count).max() ?? 0
    let isPlain = checks.contains { $0.name == "locale" && $0.standing != .good }
    return checks.map { check in
      let name = check.name + String(repeating: " ", count: width - check.name.count)
      let sign = isPlain ? check.standing.plainSign : check.standing.sign
      return "\(sign) \(name)  \(escapeUntrusted(check.text))"
    } + [conclusion(checks)]
  }

  /// The engine, and the compose plugin.
  private func docker() async -> [Check] {
    var checks: [Check] = []
    do throws(EnvironmentFailure) {
      let version = try await DockerEngine.composeVersion(dockerCLI)
      checks.append(Check(name: "docker compose", standing: .good, text: version))
    } catch {
      checks.append(Check(name: "docker compose", standing: .absent, text: Self.optional(error)))
    }
    do throws(EnvironmentFailure) {
      let (version, address) = try await DockerEngine.engine(dockerCLI)
      checks.append(Check(name: "Docker engine", standing: .good, text: "\(version), \(address ?? "default address")"))
    } catch {
      checks.append(Check(name: "Docker engine", standing: .absent, text: Self.optional(error)))
    }
    return checks
  }

  private static func optional(_ failure: EnvironmentFailure) -> String { "\(failure.description); only compose environments need it" }

  /// A program that says its version.
  private func tool(_ name: String) async -> Check {
    let advice = "install ffmpeg 4.4 or later (apt-get install ffmpeg, brew install ffmpeg)"
    do throws(EnvironmentFailure) {
      let outcome = try await runner.run(ChildRequest(name, ["-version"]), seconds: Self.limit)
      guard outcome.isSuccess, let line = outcome.text.split(whereSeparator: \.isNewline).first else {
        return Check(name: name, standing: .missing, text: "does not say its version (\(outcome.exit)): \(advice)")
      }
      let words = line.split(separator: " ")
      let version = words.count > 2 ? String(words[2]) : String(line)
      // Development builds are named after their commit.
      let major = Int(version.prefix { $0.isNumber })
      if let major, major < 4 { return Check(name: name, standing: .missing, text: "\(version) is too old: \(advice)") }
      return Check(name: name, standing: .good, text: version)
    } catch {
      return Check(name: name, standing: .missing, text: "\(error.description): \(advice)")
    }
  }

  /// The encoders that the fixture is made with; nothing where ffmpeg itself is missing.
  private func encoders() async -> [Check] {
    guard let outcome = try? await runner.run(ChildRequest("ffmpeg", ["-hide_banner", "-encoders"]), seconds: Self.limit),
      outcome.isSuccess
    else { return [] }
    let words = Set(outcome.text.split(whereSeparator: \.isWhitespace))
    let missing = ["libx264", "aac"].filter { !words.contains(Substring($0)) }
    guard !missing.isEmpty else { return [] }
    return [
      Check(
        name: "ffmpeg encoders", standing: .missing,
        text: "\(missing.joined(separator: " and ")) missing: `dubwatch fixture make` needs an ffmpeg with libx264 and aac")
    ]
  }
}
