import Recording
import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension RecordingWords {
  /// What is known of the recordings that some words mean: files, names, and all of a folder; of no word at all those of the usual folder.
  package static func summaries(of words: [String]) throws(Problem) -> [RecordingSummary] {
    guard !words.isEmpty else { return try RunLibrary(folder()).recordings() }
    var summaries: [RecordingSummary] = []
    for word in words {
      var status = stat()
      if stat(word, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
        summaries += try RunLibrary(RunFolder(word)).recordings()
      } else {
        summaries.append(RecordingSummary(try path(of: word)))
      }
    }
    return summaries
  }
}
