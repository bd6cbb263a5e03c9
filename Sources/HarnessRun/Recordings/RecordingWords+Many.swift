import Recording
import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension RecordingWords {
  /// What is known of the recordings that some words mean: files, names, and all of a folder; of no word at all those of the usual folder.
  /// Each is there once, however often it is named.
  package static func summaries(of words: [String]) throws(Problem) -> [RecordingSummary] { try meant(by: words).map(\.recording) }

  /// The same, with whether a word means this one, and not only a folder that it lies in.
  static func meant(by words: [String]) throws(Problem) -> [(recording: RecordingSummary, isNamed: Bool)] {
    guard !words.isEmpty else { return try RunLibrary(folder()).recordings().map { ($0, false) } }
    var meant: [(recording: RecordingSummary, isNamed: Bool)] = []
    var places: [FileIdentity: Int] = [:]
    for word in words {
      var status = stat()
      let isFolder = stat(word, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      let recordings = try isFolder ? RunLibrary(RunFolder(word)).recordings() : [RecordingSummary(path(of: word))]
      for recording in recordings {
        let identity = FileIdentity(recording.path)
        if let identity, let place = places[identity] {
          meant[place].isNamed = meant[place].isNamed || !isFolder
          continue
        }
        if let identity { places[identity] = meant.count }
        meant.append((recording, !isFolder))
      }
    }
    return meant
  }
}
