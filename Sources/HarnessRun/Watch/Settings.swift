import HarnessConfig
import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The user's settings: a configuration file that was named, or the one at the usual place.
package struct Settings: Sendable {
  /// What the file says; nil where there is none.
  package let file: WatchConfiguration?
  /// The path of the file that was read, or of the usual place where nothing is; empty where there is no such place.
  package let path: String
  /// Whether it was named; else it was found at the usual place.
  package let isNamed: Bool

  /// Settings from a file.
  package init(file: WatchConfiguration?, path: String, isNamed: Bool) {
    self.file = file
    self.path = path
    self.isNamed = isNamed
  }

  /// `$XDG_CONFIG_HOME/dubwatch/config.yaml`, without the variable `~/.config/dubwatch/config.yaml` (XDG Base Directory Specification, which
  /// has relative paths ignored); nil where neither variable is set.
  package static func usualPath(_ environment: [String: String]) -> String? {
    let folders = [environment["XDG_CONFIG_HOME"], environment["HOME"].map { $0 + "/.config" }]
    return folders.compactMap(\.self).first { $0.hasPrefix("/") }.map { $0 + "/dubwatch/config.yaml" }
  }

  /// Reads the file that was named, or the one at the usual place where there is one.
  /// - Parameter commands: the names of the commands whose keys can be set.
  /// - Throws: every mistake of the file; where it was named, also that it is not there.
  package static func load(
    _ named: String?, environment: [String: String] = Host.environment, commands: [String]
  ) throws(ConfigurationError) -> Settings {
    if let named { return Settings(file: try WatchRequest.read(named, commands: commands), path: named, isNamed: true) }
    guard let usual = usualPath(environment) else { return Settings(file: nil, path: "", isNamed: false) }
    guard access(usual, F_OK) == 0 else { return Settings(file: nil, path: usual, isNamed: false) }
    return Settings(file: try WatchRequest.read(usual, commands: commands), path: usual, isNamed: false)
  }

  /// The same without the sources that the file names: for a command line that names its own, unless the file was named there too.
  package func withoutUsualSources() -> Settings {
    guard !isNamed, var kept = file else { return self }
    kept.sources = [:]
    return Settings(file: kept, path: path, isNamed: false)
  }
}
