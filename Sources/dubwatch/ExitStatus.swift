import ArgumentParser

/// The program's exit statuses; the same everywhere.
enum ExitStatus {
  /// Good.
  static let good: Int32 = 0
  /// The answer is no: a failed run, bad input, a mismatch.
  static let no: Int32 = 1
  /// The command line cannot be understood.
  static let usage: Int32 = 2
  /// The environment or an endpoint cannot be had.
  static let unavailable: Int32 = 3
  /// Ended by HUP, INT and TERM: 128 and the signal's number.
  static let hangup: Int32 = 129
  static let interrupt: Int32 = 130
  static let terminate: Int32 = 143
}

/// A failure that ends the program with one sentence on standard error.
struct Failure: Error, CustomStringConvertible {
  let status: Int32
  let sentence: String

  /// Bad input, or an answer that is no.
  static func no(_ sentence: String) -> Failure { Failure(status: ExitStatus.no, sentence: sentence) }
  /// Wrong use of the command line beyond what its grammar catches.
  static func usage(_ sentence: String) -> Failure { Failure(status: ExitStatus.usage, sentence: sentence) }
  /// Something outside cannot be had.
  static func unavailable(_ sentence: String) -> Failure { Failure(status: ExitStatus.unavailable, sentence: sentence) }

  var description: String { sentence }
}
