import Recording
import WireFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension RecordingWords {
  /// The most words that a shell is offered.
  static let completionLimit = 200

  /// What a shell offers where a recording is to be named: `latest`, `failed` and those of the usual folder, the newest first; then the
  /// recordings and the folders that a path may go on with, folders with a slash at their end.
  /// - Parameters:
  ///   - prefix: what stands there already.
  ///   - environment: by which the usual folder and `~` are found.
  package static func completions(of prefix: String, _ environment: [String: String] = Host.environment) -> [String] {
    var words: [String] = []
    if !prefix.contains("/") {
      let names = (try? folder(environment).names()) ?? []
      words = (["latest", "failed"] + names.map { String($0.dropLast(".mcap".count)) }).filter { $0.hasPrefix(prefix) }
    }
    return Array((words + paths(prefix, home: environment["HOME"])).prefix(completionLimit))
  }

  private static func paths(_ prefix: String, home: String?) -> [String] {
    let typed = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
    var folder = typed.isEmpty ? "." : typed
    // As the shell will, once the word is whole.
    if folder.hasPrefix("~/"), let home { folder = home + folder.dropFirst() }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().compactMap { name in
      let word = typed + name
      guard word.hasPrefix(prefix), !name.hasPrefix(".") else { return nil }
      if RecordingPlan.isFolder(folder + "/" + name) { return word + "/" }
      // A bare name is one of the usual folder: a file beside is named with its place.
      return name.hasSuffix(".mcap") ? (typed.isEmpty ? "./" + name : word) : nil
    }
  }
}
