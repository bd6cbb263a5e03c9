import ArgumentParser
import CommandText
import Foundation
import HarnessConfig
import HarnessCore
import HarnessRun
import Manual
import MonitorUI
import TestSupport
import Testing
import WireFormats

@testable import dubwatch

@Suite struct ManualTests {
  private static let folder = Checkout.path("Sources/dubwatch/Manual.docc")

  private static func stored(_ topic: ManualTopic) throws -> String {
    try String(contentsOfFile: "\(folder)/\(topic.file).md", encoding: .utf8)
  }

  @Test(arguments: ManualTopic.all) func `the lists of every page are those of the tables`(_ topic: ManualTopic) throws {
    let page = try Self.stored(topic)
    #expect(try ManualPage.filled(page) == page, "not current: make docs")
  }

  @Test func `every list stands on one page`() throws {
    let lists = try ManualTopic.all.flatMap { try ManualPage.lists(in: Self.stored($0)) }
    #expect(lists.sorted() == ManualList.all.map(\.name).sorted())
  }

  @Test func `every file of the catalog is a page and part of the program`() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder).filter { $0.hasSuffix(".md") }.map { $0.dropLast(3) }
    #expect(files.map(String.init).sorted() == ManualTopic.all.map(\.file).sorted())
    for topic in ManualTopic.all {
      #expect(try topic.page == Self.stored(topic), "\(topic.name)")
    }
  }

  @Test func `every command has one page`() {
    let commands = Dubwatch.configuration.subcommands.map { $0._commandName }
    #expect(ManualTopic.all.flatMap(\.commands).sorted() == commands.sorted())
  }

  @Test(arguments: CommandExamples.all.flatMap { $0.lines.map(\.words) }) func `every example can be called`(_ words: String) throws {
    _ = try CommandLineWords.parse(
      words.split(separator: " ").map(String.init), as: Dubwatch.self, environment: ["METRICS_URL": "http://127.0.0.1:8000/metrics"])
  }

  @Test func `every command that does something has examples`() {
    func leaves(_ command: any ParsableCommand.Type, _ path: [String]) -> [String] {
      let children = command.configuration.subcommands
      return children.isEmpty ? [path.joined(separator: " ")] : children.flatMap { leaves($0, path + [$0._commandName]) }
    }
    #expect(CommandExamples.all.map(\.command).sorted() == leaves(Dubwatch.self, []).sorted())
  }

  @Test func `every command has its sheet, and no sheet is of none`() {
    func all(_ command: any ParsableCommand.Type, _ path: [String]) -> [String] {
      command.configuration.subcommands.flatMap { [(path + [$0._commandName]).joined(separator: " ")] + all($0, path + [$0._commandName]) }
    }
    #expect(CommandSheet.all.map(\.command).sorted() == all(Dubwatch.self, []).sorted())
  }

  @Test func `every word means one page`() {
    let words = ManualTopic.all.flatMap { [$0.name] + $0.words }
    #expect(Set(words).count == words.count)
    #expect(ManualTopic.named("rules")?.name == "scenarios" && ManualTopic.named("rule") == nil)
  }

  @Test(arguments: ManualTopic.all) func `links of a page lead to pages`(_ topic: ManualTopic) throws {
    let files = try Self.stored(topic).matches(of: /<doc:([^>]*)>/).map { String($0.1) }
    for file in files { #expect(ManualTopic.all.contains { $0.file == file }, "\(topic.file).md: \(file)") }
  }

  @Test func `the examples of the pages can be read`() throws {
    _ = try ScenarioLoader.parse(yaml: Self.example("Scenarios"), file: "Scenarios.md")
    _ = try ContractLoader.parse(yaml: Self.example("Contracts"), file: "Contracts.md")
    let commands = Commands.all.map(\.name)
    _ = try WatchConfigurationLoader.parse(
      yaml: Self.example("Files"), file: "Files.md", commands: commands, sources: SourcePlans.inOrder.map { $0.words.field })
  }

  @Test func `the settings and the screen know the same words`() {
    #expect(WatchConfiguration.ThemeName.allCases.map(\.rawValue).sorted() == Theme.allCases.map(\.rawValue).sorted())
    #expect(WatchConfiguration.PresetName.allCases.map(\.rawValue) == LayoutChoice.presets)
  }

  /// The YAML of a page.
  private static func example(_ file: String) throws -> String {
    let page = try #require(ManualTopic.all.first { $0.file == file })
    let parts = try stored(page).components(separatedBy: "```yaml\n")
    #expect(parts.count == 2)
    return try #require(parts.last?.components(separatedBy: "```").first)
  }

  @Test func `every page that the readme points to is there`() throws {
    let readme = try String(contentsOfFile: Checkout.path("README.md"), encoding: .utf8)
    let words = readme.matches(of: /`dubwatch help ([a-z-]+)`/).map { String($0.1) }
    #expect(words.count > 8)
    for word in words { #expect(ManualTopic.named(word) != nil || ManualTopic.of(command: word) != nil, "\(word)") }
  }

  @Test func `a page on a terminal has no marks of its source`() throws {
    let page = """
      # ``dubwatch``

      Text, see <doc:Faults>.

      ## Keys

      <!-- list: commands -->
      ```text
      q  quit
      ```
      <!-- end of list -->
      """
    let plain = "dubwatch\n========\n\nText, see `dubwatch help faults`.\n\nKEYS\n\n  q  quit"
    #expect(ManualPage.plain(page) == plain)
  }

  @Test func `a list of pages says on a terminal what they are about`() {
    let plain = ManualPage.plain("- <doc:Faults>\n- <doc:ExitStatus>\n- <doc:Nothing>")
    let rows = "  faults       what can be injected, where, and how it ends\n  exit-status  how the program ends, and why\n"
    #expect(plain == rows + "- `dubwatch help Nothing`")
  }

  @Test func `the overview leads to every other page once`() throws {
    let overview = try #require(ManualTopic.all.first)
    let files = overview.page.matches(of: /<doc:([^>]*)>/).map { String($0.1) }
    #expect(overview.name == "overview" && files == ManualTopic.all.dropFirst().map(\.file))
  }

  @Test func `a list is filled between its markers only`() throws {
    let page = "before\n<!-- list: exit-statuses -->\nold\n<!-- end of list -->\nafter"
    let filled = try ManualPage.filled(page)
    #expect(filled.hasPrefix("before\n<!-- list: exit-statuses -->\n```text\n0") && filled.hasSuffix("```\n<!-- end of list -->\nafter"))
    #expect(try ManualPage.filled(filled) == filled)
  }

  @Test(arguments: ["<!-- list: exits -->\n<!-- end of list -->", "<!-- list: rules -->\nno end"])
  func `markers that cannot be understood are mistakes`(_ page: String) {
    #expect(throws: ManualPage.Mistake.self) { try ManualPage.filled(page) }
  }
}
