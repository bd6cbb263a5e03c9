import Recording
import WireFormats

/// Recordings that are too old, too many or too large together.
package struct RunsPruning: Sendable {
  private let library: RunLibrary
  private let leaving: [Retention.Leaving]
  private let drafts: [String]

  /// Looks which ones leave.
  package init(_ rule: Retention) throws {
    library = RunLibrary(try RecordingWords.folder())
    leaving = rule.leaving(try library.recordings(), now: Host.wallClock())
    drafts = try library.folder.drafts()
  }

  /// What is to be removed, said, and removed only where `isMeant`.
  /// - Parameter say: takes what is to be said, before anything goes.
  package func run(isMeant: Bool, _ say: (String) -> Void) throws {
    let isNothing = leaving.isEmpty && drafts.isEmpty
    say(isNothing ? "nothing is to be removed\n" : RunsListing.leaving(leaving, drafts: drafts))
    guard isMeant else {
      if !isNothing { say("nothing was removed yet: --yes removes them\n") }
      return
    }
    for entry in leaving { try RunLibrary.remove(entry.recording.path) }
    try library.removeDrafts()
  }
}
