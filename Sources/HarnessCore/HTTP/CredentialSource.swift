import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where credentials come from: variables of the environment or a file, never the command line, where everybody can read them.
package enum CredentialSource: Sendable, Hashable {
  /// A bearer token in a variable.
  case bearerVariable(String)
  /// A user in one variable and a password in another.
  case basicVariables(user: String, password: String)
  /// A file that holds a token.
  case bearerFile(String)
  /// A file that holds `user:password`.
  case basicFile(String)
  /// A user by name, whose password is in a variable.
  case basicPasswordVariable(user: String, String)
  /// A user by name, whose password is in a file.
  case basicPasswordFile(user: String, String)

  /// Reads `bearer:env:VAR`, `basic:env:USERVAR,PASSWORDVAR`, `bearer:file:PATH` or `basic:file:PATH`.
  package init(parsing text: String) throws(Problem) {
    let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    let wrong = Problem(
      .usage, "credentials are written bearer:env:VAR, basic:env:USERVAR,PASSWORDVAR, bearer:file:PATH or basic:file:PATH")
    guard parts.count == 3, !parts[2].isEmpty else { throw wrong }
    switch (parts[0], parts[1]) {
    case ("bearer", "env"): self = .bearerVariable(parts[2])
    case ("bearer", "file"): self = .bearerFile(parts[2])
    case ("basic", "file"): self = .basicFile(parts[2])
    case ("basic", "env"):
      let names = parts[2].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard names.count == 2, !names[0].isEmpty, !names[1].isEmpty else { throw wrong }
      self = .basicVariables(user: names[0], password: names[1])
    default: throw wrong
    }
  }

  /// Reads the credentials.
  /// - Parameter environment: the variables to look in.
  /// - Returns: the credentials, and a warning when others can read the file too.
  package func resolve(environment: [String: String]) throws(Problem) -> (credentials: Credentials, warning: String?) {
    switch self {
    case .bearerVariable(let name): return (.bearer(try Self.variable(name, in: environment)), nil)
    case .basicVariables(let user, let password):
      return (.basic(user: try Self.variable(user, in: environment), password: try Self.variable(password, in: environment)), nil)
    case .bearerFile(let path):
      let (text, warning) = try Self.file(path)
      return (.bearer(text), warning)
    case .basicPasswordVariable(let user, let name): return (.basic(user: user, password: try Self.variable(name, in: environment)), nil)
    case .basicPasswordFile(let user, let path):
      let (text, warning) = try Self.file(path)
      return (.basic(user: user, password: text), warning)
    case .basicFile(let path):
      let (text, warning) = try Self.file(path)
      guard let colon = text.firstIndex(of: ":") else { throw Problem(.usage, "\(path) does not hold user:password") }
      return (.basic(user: String(text[..<colon]), password: String(text[text.index(after: colon)...])), warning)
    }
  }

  private static func variable(_ name: String, in environment: [String: String]) throws(Problem) -> String {
    guard let value = environment[name], !value.isEmpty else {
      throw Problem(.usage, "the variable \(name) is not set; it should hold credentials")
    }
    return try clean(value, from: "the variable \(name)")
  }

  /// The first line of a small file, and a warning when its mode lets others read it.
  private static func file(_ path: String) throws(Problem) -> (String, String?) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Problem(.file, "\(path): \(String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Problem(.file, "\(path): \(String(cString: strerror(errno)))") }
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    let count = read(descriptor, &buffer, buffer.count)
    guard count > 0 else { throw Problem(.file, "\(path) is empty or cannot be read; it should hold credentials") }
    let line = buffer[..<count].prefix { $0 != 0x0A && $0 != 0x0D }
    guard !line.isEmpty else { throw Problem(.usage, "\(path) begins with an empty line; it should hold credentials") }
    let isOpen = status.st_mode & 0o077 != 0
    let warning = isOpen ? "\(path) can be read by others: chmod 600 it" : nil
    return (try clean(String(decoding: line, as: UTF8.self), from: path), warning)
  }

  /// A header must not carry control characters: they would end it and begin another.
  private static func clean(_ text: String, from place: String) throws(Problem) -> String {
    guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
      throw Problem(.usage, "\(place) holds control characters; credentials are one line of text")
    }
    return text
  }
}
