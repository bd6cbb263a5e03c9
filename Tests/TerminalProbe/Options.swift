#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the probe was asked to do.
struct Options: Sendable {
  struct Unknown: Error, CustomStringConvertible {
    let argument: String
    var description: String { "unknown argument \(argument)" }
  }

  var logPath: String?
  var bench = 0
  var mouse = false
  var guarded = false
  var svg = false

  init() {}

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--log": logPath = rest.popFirst()
      case "--bench": bench = rest.popFirst().flatMap { Int($0) } ?? 0
      case "--mouse": mouse = true
      case "--guard": guarded = true
      case "--svg": svg = true
      default: throw Unknown(argument: argument)
      }
    }
  }

  /// Appends one line; nothing is buffered, so that it is there after a crash.
  func log(_ line: String) {
    guard let logPath, let file = fopen(logPath, "a") else { return }
    fputs(line + "\n", file)
    fclose(file)
  }
}
