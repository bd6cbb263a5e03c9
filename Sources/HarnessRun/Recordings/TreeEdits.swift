import HarnessCore
import ProcessGuard

/// Whether the files of a checkout are those of its commit.
enum TreeEdits: String, Hashable, Sendable {
  /// Some that git keeps were changed.
  case yes
  /// None was.
  case no
  /// There is no git, no checkout, or no answer in time.
  case notKnown = "not known"

  /// How long git may take, in seconds: a run waits for it before it begins.
  private static let limit = 2.0

  /// Asks git. Files that it does not keep count as no edit, as in `git describe --dirty`: recordings and reports lie beside sources.
  /// - Parameters:
  ///   - processGuard: who owns the child.
  ///   - folder: any folder of the checkout; nil for the one that the program runs in.
  static func read(_ processGuard: ProcessGuard, in folder: String? = nil) async -> TreeEdits {
    // Nothing is locked or started in somebody's checkout, and a hook's variables name no other one.
    let environment: [String: String?] = [
      "GIT_OPTIONAL_LOCKS": "0", "GIT_DIR": nil, "GIT_WORK_TREE": nil, "GIT_INDEX_FILE": nil,
    ]
    let request = ChildRequest(
      "git", ["-c", "core.fsmonitor=false", "status", "--porcelain", "--untracked-files=no"], environment: environment,
      workingDirectory: folder)
    guard let outcome = try? await CommandRunner(processGuard: processGuard).run(request, seconds: limit), outcome.isSuccess else {
      return .notKnown
    }
    return outcome.output.isEmpty ? .no : .yes
  }
}
