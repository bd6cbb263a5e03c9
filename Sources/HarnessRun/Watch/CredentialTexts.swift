import Events
import HarnessConfig
import HarnessCore
import WireFormats

/// Credentials as users name them. The secret itself is read here, and nowhere shown.
enum CredentialTexts {
  /// What `NAME=SOURCE` texts say, by service; the name `*` means every service.
  static func named(_ texts: [String]) throws(Problem) -> [ServiceName: Credentials] {
    var named: [ServiceName: Credentials] = [:]
    for text in texts {
      guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
        throw Problem(.usage, "credentials are written NAME=SOURCE, such as media-service=bearer:env:TOKEN")
      }
      named[ServiceName(String(text[..<equals]))] = try resolved(CredentialSource(parsing: String(text[text.index(after: equals)...])))
    }
    return named
  }

  /// What a configuration file names.
  static func resolved(_ credential: WatchConfiguration.Credential) throws(Problem) -> Credentials {
    let source: CredentialSource =
      switch credential {
      case .bearer(.environment(let name)): .bearerVariable(name)
      case .bearer(.file(let path)): .bearerFile(path)
      case .basic(let user, .environment(let name)): .basicPasswordVariable(user: user, name)
      case .basic(let user, .file(let path)): .basicPasswordFile(user: user, path)
      }
    return try resolved(source)
  }

  private static func resolved(_ source: CredentialSource) throws(Problem) -> Credentials {
    let (credentials, warning) = try source.resolve(environment: Host.environment)
    if let warning { StandardError.write("dubwatch: \(warning)\n") }
    return credentials
  }
}
