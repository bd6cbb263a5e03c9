import HarnessCore
import ProcessGuard
import WireFormats

/// Looks at what dubwatch needs of a machine.
package struct Doctor {
  /// One thing looked at.
  package struct Finding: Sendable {
    /// How it stands.
    package enum Standing: Sendable {
      case good, note, missing

      var sign: String { self == .good ? "✓" : self == .note ? "·" : "✗" }
      var plainSign: String { self == .good ? "ok  " : self == .note ? "note" : "MISS" }
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
  package static func findings(docker: Bool) async -> [Finding] {
    await withProcessGuard { processGuard in
      let doctor = Doctor(processGuard, environment: Host.environment)
      var findings = docker ? await doctor.docker() : []
      for tool in ["ffmpeg", "ffprobe"] { findings.append(await doctor.tool(tool)) }
      findings += await doctor.encoders()
      return findings + [doctor.terminal(), doctor.locale(), doctor.ports()]
    }
  }

  /// The findings as lines, one each.
  package static func lines(_ findings: [Finding]) -> [String] {
    let width = findings.map(\.name.count).max() ?? 0
    let isPlain = findings.contains { $0.name == "locale" && $0.standing != .good }
    return findings.map { finding in
      let name = finding.name + String(repeating: " ", count: width - finding.name.count)
      let sign = isPlain ? finding.standing.plainSign : finding.standing.sign
      return "\(sign) \(name)  \(escapeUntrusted(finding.text))"
    }
  }

  /// The engine, and the compose plugin.
  private func docker() async -> [Finding] {
    var findings: [Finding] = []
    do throws(EnvironmentFailure) {
      let version = try await DockerEngine.composeVersion(dockerCLI)
      findings.append(Finding(name: "docker compose", standing: .good, text: version))
    } catch {
      findings.append(Finding(name: "docker compose", standing: .missing, text: error.description))
    }
    do throws(EnvironmentFailure) {
      let (version, address) = try await DockerEngine.engine(dockerCLI)
      findings.append(Finding(name: "Docker engine", standing: .good, text: "\(version), \(address ?? "default address")"))
    } catch {
      findings.append(Finding(name: "Docker engine", standing: .missing, text: error.description))
    }
    return findings
  }

  /// A program that says its version.
  private func tool(_ name: String) async -> Finding {
    let advice = "install ffmpeg 4.4 or later (apt-get install ffmpeg, brew install ffmpeg)"
    do throws(EnvironmentFailure) {
      let outcome = try await runner.run(ChildRequest(name, ["-version"]), seconds: Self.limit)
      guard outcome.isSuccess, let line = outcome.text.split(whereSeparator: \.isNewline).first else {
        return Finding(name: name, standing: .missing, text: "does not say its version (\(outcome.exit)): \(advice)")
      }
      let words = line.split(separator: " ")
      let version = words.count > 2 ? String(words[2]) : String(line)
      // Development builds are named after their commit.
      let major = Int(version.prefix { $0.isNumber })
      if let major, major < 4 { return Finding(name: name, standing: .missing, text: "\(version) is too old: \(advice)") }
      return Finding(name: name, standing: .good, text: version)
    } catch {
      return Finding(name: name, standing: .missing, text: "\(error.description): \(advice)")
    }
  }

  /// The encoders that the fixture is made with; nothing where ffmpeg itself is missing.
  private func encoders() async -> [Finding] {
    guard let outcome = try? await runner.run(ChildRequest("ffmpeg", ["-hide_banner", "-encoders"]), seconds: Self.limit),
      outcome.isSuccess
    else { return [] }
    let words = Set(outcome.text.split(whereSeparator: \.isWhitespace))
    let missing = ["libx264", "aac"].filter { !words.contains(Substring($0)) }
    guard !missing.isEmpty else { return [] }
    return [
      Finding(
        name: "ffmpeg encoders", standing: .missing,
        text: "\(missing.joined(separator: " and ")) missing: `dubwatch fixture make` needs an ffmpeg with libx264 and aac")
    ]
  }
}
