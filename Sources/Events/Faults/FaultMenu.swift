/// What the menu offers, made of the table.
package enum FaultMenu {
  /// A row: a name, and the fault that it means.
  package struct Entry: Sendable {
    /// The name, by which the fault is asked for.
    package let id: String
    /// The fault.
    package let fault: Fault
  }

  /// The rows: first what has one target, in the order of the table; then, service by service, what can be done to each.
  package static let entries: [Entry] = {
    var entries: [Entry] = []
    var kindsByService: [(FaultKind, FaultParameter.Name)] = []
    for kind in FaultKind.all {
      switch kind.target {
      case .named(let name): kindsByService.append((kind, name))
      case .service:
        let presets = kind.presets.map { Entry(id: $0.id, fault: Fault(kind, $0.values)) }
        entries += presets.isEmpty ? [Entry(id: kind.id, fault: Fault(kind))] : presets
      }
    }
    for service in TestEnvironment.requiredServices {
      for (kind, name) in kindsByService {
        entries.append(Entry(id: "\(kind.id):\(service)", fault: Fault(kind, [name: .word(service.text)])))
      }
    }
    return entries
  }()
}
