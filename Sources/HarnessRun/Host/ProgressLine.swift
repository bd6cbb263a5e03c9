/// One line on standard error that says what goes on while nothing else is seen, such as `dubwatch: making the test stream, 8 s`.
///
/// It shows on a terminal only, from the third second on, and is gone when the work is over: what is printed then begins in its place.
package struct ProgressLine: Sendable {
  /// Real seconds after which silence asks for a word.
  static let patience = 2

  private let doing: String
  private let isShown: Bool
  private let write: @Sendable (String) -> Void
  private let sleep: @Sendable () async throws -> Void

  /// - Parameters:
  ///   - doing: what goes on, as in `making the test stream`.
  ///   - isShown: whether anybody sees it.
  ///   - write: where it goes.
  ///   - sleep: waits for a second.
  package init(
    _ doing: String, isShown: Bool = Host.isTerminal(2), write: @escaping @Sendable (String) -> Void = { StandardError.write($0) },
    sleep: @escaping @Sendable () async throws -> Void = { try await Task.sleep(for: .seconds(1)) }
  ) {
    self.doing = doing
    self.isShown = isShown
    self.write = write
    self.sleep = sleep
  }

  /// Does something, and says so for as long as it lasts.
  package func during<Value, Failure: Error>(_ work: () async throws(Failure) -> Value) async throws(Failure) -> Value {
    guard isShown else { return try await work() }
    let ticker = Task { await tick() }
    func end() async {
      ticker.cancel()
      let width = await ticker.value
      // Blanks, as not every terminal has a way to clear a line.
      if width > 0 { write("\r" + String(repeating: " ", count: width) + "\r") }
    }
    do throws(Failure) {
      let value = try await work()
      await end()
      return value
    } catch {
      await end()
      throw error
    }
  }

  /// How many columns were written.
  private func tick() async -> Int {
    var seconds = 0
    var width = 0
    while (try? await sleep()) != nil, !Task.isCancelled {
      seconds += 1
      guard seconds >= Self.patience else { continue }
      let text = "dubwatch: \(doing), \(seconds) s"
      width = max(width, text.count)
      write("\r" + text)
    }
    return width
  }
}
