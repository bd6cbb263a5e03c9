import ArgumentParser
import Export
import PrometheusText
import Recording

/// Which text format a file is in; an endpoint says so itself.
package enum MetricsFormat: String, CaseIterable, ExpressibleByArgument {
  case text, openmetrics

  package var exposition: ExpositionFormat { self == .text ? .text : .openMetrics }
}

/// A place of a recording as a command line has it.
package struct RecordedPlaceWord: ExpressibleByArgument {
  package let place: RecordedPlace

  package init?(argument: String) {
    guard let place = RecordedPlace(argument) else { return nil }
    self.place = place
  }
}

/// The formats of `export` that take no word of their own.
package enum ExportWord: String, EnumerableFlag {
  case html, cast, jsonl, junit, openmetrics, trace

  package static var list: String { allCases.map { "--\($0.rawValue)" }.joined(separator: ", ") }
  package static func help(for value: ExportWord) -> ArgumentHelp? {
    ExportFormat.all.first { $0.name == value.rawValue }.map { "As \($0.meaning)." }
  }
}

/// Whole days as they are written, `14` or `14d`.
package enum DaysWord {
  /// Their number; nil where it is none, or not above 0.
  package static func days(_ text: String) -> Double? {
    let number = text.hasSuffix("d") ? String(text.dropLast()) : text
    guard let days = Double(number), days > 0, days < 100_000 else { return nil }
    return days
  }
}
