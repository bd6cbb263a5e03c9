import WireFormats

/// A fault to be done: a kind, and a checked value for each of its parameters.
package struct Fault: Hashable, Sendable {
  /// What it is.
  package let kind: FaultKind
  private var values: [FaultParameter.Name: FaultValue]

  /// A fault with these values, and the usual ones for the rest.
  package init(_ kind: FaultKind, _ values: [FaultParameter.Name: FaultValue] = [:]) {
    self.kind = kind
    self.values = values
    for parameter in kind.parameters where values[parameter.name] == nil { self.values[parameter.name] = parameter.standard }
  }

  /// The fault that is asked for.
  /// - Throws: which word or value is none, and what it may be.
  package init(_ request: FaultRequest) throws(FaultProblem) {
    guard let (kind, given) = FaultKind.named(request.id) else {
      throw FaultProblem("there is no fault \(request.id)" + NearestWord.hint(request.id, among: Self.words))
    }
    var values = given
    for (name, text) in request.parameters.sorted(by: { $0.key < $1.key }) {
      guard let parameter = kind.parameters.first(where: { $0.name.text == name }), given[parameter.name] == nil else {
        let names = kind.parameters.filter { given[$0.name] == nil }.map(\.name.text)
        throw FaultProblem("\(request.id) has no \(name)" + NearestWord.hint(name, among: names))
      }
      do { values[parameter.name] = try parameter.value(of: text) } catch {
        throw FaultProblem("\(request.id): \(name) \(error.description)")
      }
    }
    self.init(kind, values)
  }

  /// What may be asked for: what scenarios write, and what the menu offers.
  private static var words: [String] { FaultKind.words + FaultMenu.entries.map(\.id).filter { !FaultKind.words.contains($0) } }

  /// A value that is a number; 0 where the fault has none.
  package func number(_ name: FaultParameter.Name) -> Double { optionalNumber(name) ?? 0 }

  /// A value that is a number; nil where it was left out.
  package func optionalNumber(_ name: FaultParameter.Name) -> Double? {
    guard case .number(let number) = values[name] else { return nil }
    return number
  }

  /// A value that is a word; empty where the fault has none.
  package func word(_ name: FaultParameter.Name) -> String { values[name]?.text ?? "" }

  /// The same fault with another value.
  package func with(_ name: FaultParameter.Name, _ value: FaultValue) -> Fault {
    var fault = self
    fault.values[name] = value
    return fault
  }

  /// The service it is done to.
  package var service: ServiceName {
    switch kind.target {
    case .service(let service): service
    case .named(let name): ServiceName(word(name))
    }
  }

  /// What it changes.
  package var resource: FaultResource { FaultResource(service: service, aspect: kind.aspect) }

  /// How many seconds it lasts, at most; nil for one that has no length.
  package var seconds: Double? {
    switch kind.course {
    case .lasting(let name, _): number(name)
    case .untilOver(let limit): limit
    case .blow, .setting: nil
    }
  }

  /// What the menu says.
  package var title: String { kind.title(self) }
  /// What exactly, in few words.
  package var detail: String { kind.detail(self) }
  /// What the history calls it.
  package var called: String { kind.word?(self) ?? kind.id }

  /// What the history says of it.
  package func happening(_ number: Int, _ phase: FaultHappening.Phase) -> FaultHappening {
    var happening = FaultHappening(
      id: number, kind: called, detail: (phase == .ended ? kind.endDetail?(self) : nil) ?? detail, phase: phase)
    happening.title = title
    return happening
  }
}

/// What a fault changes: an aspect of a service.
package struct FaultResource: Hashable, Sendable, CustomStringConvertible {
  /// The service.
  package let service: ServiceName
  /// What of it.
  package let aspect: FaultKind.Aspect
  /// "outage of echo-sts".
  package var description: String { "\(aspect.rawValue) of \(service)" }
}
