/// Looks again and again until a condition holds; false when it does not in time.
///
/// The pause between two looks is no synchronisation: what is waited for is the condition.
package func eventually(
  within seconds: Double = 15, every pause: Duration = .milliseconds(10), _ condition: () async throws -> Bool
) async rethrows -> Bool {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while ContinuousClock.now < deadline {
    if try await condition() { return true }
    try? await Task.sleep(for: pause)
  }
  return try await condition()
}

/// The same for a test that cannot go on without it: throws when it does not come in time.
package func waitUntil(_ what: String = "the condition", within seconds: Double = 10, _ condition: () async throws -> Bool) async throws {
  guard try await eventually(within: seconds, condition) else { throw NotThere(what: what) }
}

/// Looks again and again until something is there; throws when it does not come in time.
package func waitFor<Value>(_ what: String, within seconds: Double = 30, _ look: () async throws -> Value?) async throws -> Value {
  var found: Value?
  try await waitUntil(what, within: seconds) {
    found = try await look()
    return found != nil
  }
  guard let found else { throw NotThere(what: what) }
  return found
}

package struct NotThere: Error, CustomStringConvertible {
  package let what: String
  package init(what: String) { self.what = what }
  package var description: String { "did not come in time: \(what)" }
}
