import ArgumentParser
import HarnessCore

/// A flag for each kind of source that there is: rows of a table, so that a new kind needs no line here.
///
/// The parser looks at the properties of options by reflection and decodes them by their names; both are told of the table instead.
package struct SourceFlags: ParsableArguments, CustomReflectable {
  private var options: [String: Option<[String]>] = [:]

  package init() {
    for kind in SourcePlans.all {
      let words = kind.words
      options[words.flag] = Option(
        wrappedValue: [], name: .customLong(words.flag), parsing: .singleValue,
        help: ArgumentHelp(words.help, valueName: words.valueName))
    }
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Flag.self)
    for kind in SourcePlans.all {
      let flag = kind.words.flag
      options[flag] = try values.decode(Option<[String]>.self, forKey: Flag(stringValue: flag))
    }
  }

  /// The options, as if each were a property.
  package var customMirror: Mirror {
    var children: [Mirror.Child] = []
    for flag in SourcePlans.all.map({ $0.words.flag }) {
      if let option = options[flag] { children.append((label: "_\(flag)", value: option)) }
    }
    return Mirror(self, children: children)
  }

  /// What users wrote, by flag.
  package var texts: [String: [String]] { options.mapValues(\.wrappedValue) }

  private struct Flag: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
