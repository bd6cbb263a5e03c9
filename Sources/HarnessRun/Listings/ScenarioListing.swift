import HarnessConfig
import Judging
import WireFormats

/// The built-in scenarios on a terminal.
package enum ScenarioListing {
  /// All of them, a line each.
  package static var text: String {
    let width = BuiltInScenarios.all.map(\.name.utf8.count).max() ?? 0
    return BuiltInScenarios.all.map { pad($0.name, width: width) + "  " + escapeUntrusted($0.sentence) + "\n" }.joined()
  }

  /// The file of one, or a sentence with the nearest name.
  package static func file(of name: String) throws(Problem) -> String {
    if let file = BuiltInScenarios.files.first(where: { $0.name == name }) { return file.yaml }
    throw Problem(.unknownName, "there is no scenario '\(name)'\(NearestWord.hint(name, among: BuiltInScenarios.files.map(\.name)))")
  }
}
