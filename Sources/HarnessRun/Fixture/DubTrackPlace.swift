import HarnessCore
import TransportStream
import WireFormats

/// Where the dub of the test stream is.
package enum DubTrackPlace {
  /// The variable that names it.
  static let variable = "ECHO_DUB_TRACK"

  /// The file that the user names, else the variable's, else the one beside the test stream that is found.
  package static func find(_ given: String?, environment: [String: String]) throws(Problem) -> String {
    if let named = given ?? environment[variable], !named.isEmpty { return named }
    switch try FixtureLocator.usual(nil).find() {
    case .ours(let path), .given(let path): return DubTrack.path(beside: path)
    case .toBeMade, .nowhere:
      throw Problem(
        .file, "no dub of the test stream is found", hint: "make both by dubwatch fixture make, or name the dub's file by --dub-track FILE")
    }
  }
}
