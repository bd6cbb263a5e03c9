/// The program's exit statuses; the same everywhere.
package enum ExitStatus {
  /// Good.
  package static let good: Int32 = 0
  /// The answer is no: a failed run, input that was read and is not what it should be, output that cannot be written.
  package static let no: Int32 = 1
  /// The command line, or a file that says what to do, cannot be understood.
  package static let usage: Int32 = 2
  /// Something cannot be had: a file, an endpoint, an environment, a tool, a terminal.
  package static let unavailable: Int32 = 3
  /// Ended by HUP, INT and TERM: 128 and the signal's number.
  package static let hangup: Int32 = 129
  /// Ended by INT.
  package static let interrupt: Int32 = 130
  /// Ended by TERM.
  package static let terminate: Int32 = 143

  /// Whether a signal ended it, or the terminal is gone: whoever shows one thing after the other ends as well.
  package static func isEndedFromOutside(_ status: Int32) -> Bool { [hangup, interrupt, terminate].contains(status) }

  /// The table: which statuses there are and what they mean.
  package static let all: [(status: String, meaning: String)] = [
    ("\(good)", "good: passed, valid, printed"),
    (
      "\(no)",
      "the answer is no: a run failed or is inconclusive, input was read and is not what it should be, a promised output cannot be written"
    ),
    (
      "\(usage)",
      "usage: an unknown command, flag, value or scenario; a scenario, contract or configuration file that cannot be understood"
    ),
    (
      "\(unavailable)",
      "cannot be had: a file that is not there, a closed port, an environment that does not come up, ffmpeg or the engine missing, "
        + "no usable terminal"
    ),
    ("\(hangup), \(interrupt), \(terminate)", "ended by HUP, INT, TERM, also `serve`"),
  ]
}
