import Events

extension ScenarioHappening {
  /// How the row of it is coloured.
  var severity: EventRow.Severity {
    if case .stepFailed = self { return .bad }
    return .info
  }
}
