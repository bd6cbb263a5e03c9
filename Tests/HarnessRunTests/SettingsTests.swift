import Foundation
import HarnessConfig
import HarnessCore
import HarnessRun
import TestSupport
import Testing

@Suite struct SettingsTests {
  @Test(
    arguments: [
      (["XDG_CONFIG_HOME": "/x", "HOME": "/h"], "/x/dubwatch/config.yaml"), (["HOME": "/h"], "/h/.config/dubwatch/config.yaml"),
      (["XDG_CONFIG_HOME": "relative", "HOME": "/h"], "/h/.config/dubwatch/config.yaml"),
      (["XDG_CONFIG_HOME": "", "HOME": "/h"], "/h/.config/dubwatch/config.yaml"), ([:], nil), (["HOME": "h"], nil),
    ] as [([String: String], String?)])
  func `settings have a usual place`(_ environment: [String: String], _ path: String?) {
    #expect(Settings.usualPath(environment) == path)
  }

  @Test func `the usual file is read where there is one, and a named one goes before it`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let environment = ["XDG_CONFIG_HOME": scratch.path]
    #expect(try Settings.load(nil, environment: environment, commands: []).file == nil)
    try FileManager.default.createDirectory(atPath: scratch.file("dubwatch"), withIntermediateDirectories: true)
    let usual = scratch.file("dubwatch/config.yaml")
    try Data("theme: light\nhealth:\n  a: http://127.0.0.1:1/\n".utf8).write(to: URL(fileURLWithPath: usual))
    let found = try Settings.load(nil, environment: environment, commands: [])
    #expect(found.file?.theme == .light && found.path == usual && !found.isNamed)
    #expect(found.file?.sources["health"]?.count == 1 && found.withoutUsualSources().file?.sources.isEmpty == true)
    let other = scratch.file("other.yaml")
    try Data("theme: none\nhealth:\n  a: http://127.0.0.1:1/\n".utf8).write(to: URL(fileURLWithPath: other))
    let named = try Settings.load(other, environment: environment, commands: [])
    #expect(named.file?.theme == WatchConfiguration.ThemeName.none && named.isNamed)
    #expect(named.withoutUsualSources().file?.sources["health"]?.count == 1)
    #expect(throws: ConfigurationError.self) { try Settings.load(scratch.file("gone.yaml"), environment: environment, commands: []) }
    try Data("theme: drak\n".utf8).write(to: URL(fileURLWithPath: usual))
    #expect(throws: ConfigurationError.self) { try Settings.load(nil, environment: environment, commands: []) }
  }
}
