import Events
import HarnessCore
import Recording
import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether and where runs are recorded.
package struct RecordingPlan: Sendable {
  /// Where.
  package enum Place: Hashable, Sendable {
    /// Nowhere.
    case nowhere
    /// In this file, which is promised; or, where there is a folder of that name, in a new file in it.
    case named(String)
    /// In the usual folder, where it can be.
    case usual
  }

  /// Where.
  package var place: Place
  /// Whether log texts are left out.
  package var lacksLogs: Bool
  /// The words of the command, as they are recorded once secrets are masked.
  package var words: [String]
  /// What tells of the machine: variables such as `XDG_STATE_HOME`, `DUBWATCH_COMMIT`.
  package var environment: [String: String]

  /// Recordings of a command.
  package init(_ place: Place, lacksLogs: Bool = false, words: [String] = [], environment: [String: String]) {
    self.place = place
    self.lacksLogs = lacksLogs
    self.words = words
    self.environment = environment
  }

  /// No recording.
  package static let none = RecordingPlan(.nowhere, environment: [:])

  /// Refuses a promise that cannot be kept, before anything is started.
  /// - Parameter runs: how many runs there will be; nil where that is not known yet.
  package func check(runs: Int?) throws(Problem) {
    guard case .named(let path) = place, !Self.isFolder(path) else { return }
    guard let runs else {
      throw Problem(
        .conflict, "--record \(path) is one file, and each worker that is opened is recorded by itself",
        hint: "name a folder that is there")
    }
    guard runs == 1 else {
      throw Problem(.conflict, "--record \(path) is one file, and \(runs) runs are asked for", hint: "name a folder that is there")
    }
    guard access(path, F_OK) != 0 else {
      throw Problem(.output, "--record \(path): there is such a file already", hint: "name another one, or remove it")
    }
  }

  /// Begins a recording.
  /// - Parameters:
  ///   - label: what the run is called; nil for a watch.
  ///   - edits: whether the tree was edited that the program runs in.
  /// - Returns: the recorder, nil for none; and why there is none where one was wanted.
  /// - Throws: where a file that was promised cannot be made.
  func begin(_ label: String?, at time: WallTime, edits: TreeEdits) throws(Problem) -> (recorder: Recorder?, notice: String?) {
    let label = label ?? "watch"
    let mark = { UInt16.random(in: .min ... .max) }
    switch place {
    case .nowhere: return (nil, nil)
    case .named(let path):
      if Self.isFolder(path) { return (recorder(try RunFolder(path).newFile(label, at: time, mark: mark), edits), nil) }
      return (recorder(try RecordingFile(creating: path), edits), nil)
    case .usual:
      guard let folder = RunFolder(environment) else {
        return (nil, "not recorded: neither XDG_STATE_HOME nor HOME says where recordings are kept")
      }
      do throws(Problem) { return (recorder(try folder.newFile(label, at: time, mark: mark), edits), nil) } catch {
        return (nil, "not recorded: \(error.sentence)")
      }
    }
  }

  private func recorder(_ file: RecordingFile, _ edits: TreeEdits) -> Recorder {
    var head = RecordingHead()
    head.lacksLogs = lacksLogs
    head.origin = RecordingOrigin.texts(words: words, environment: environment, edits: edits)
    return Recorder(to: file, head: head, mask: Redaction.redact)
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
