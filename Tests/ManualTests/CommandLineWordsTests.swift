import ArgumentParser
import Testing
import WireFormats

@testable import CommandText
@testable import dubwatch

@Suite struct CommandLineWordsTests {
  @Test(arguments: [
    "http://user:hunter2@h/", "x=http://user:hunter2@h/", "--health=x=http://user:hunter2@h/", "http://hunter2@h/",
    "rtmp://h/a?token=hunter2",
    "a='curl http://u:hunter2@h/'", "rtsp://u:hunter2@[::1]:1/", "http://h/?a=b&api_key=hunter2", "http://ok/ http://u:hunter2@h/",
  ])
  func `a secret in a URL is refused and not repeated`(_ word: String) throws {
    let problem = try #require(throws: Problem.self) { try SecretWords.resolved(["watch", word], environment: [:]) }
    #expect(problem.status == ExitStatus.usage)
    #expect(problem.description.contains("env:VARIABLE") && !problem.description.contains("hunter2"))
  }

  @Test(arguments: [
    "http://h/", "auth-service=http://h/", "session=http://h:1/a@b", "token=abc", "a=docker logs --token=abc", "x", "-", "", "://",
    "http://",
    "media-service=bearer:env:TOKEN", "media-service=basic:env:USER,PASSWORD", "env:", "env:not a name", "x=env:a-b",
  ])
  func `anything else stays as it is`(_ word: String) throws {
    #expect(try SecretWords.resolved([word], environment: [:]) == [word])
  }

  @Test(arguments: [
    ("env:URL", "http://u:p@h/"), ("x=env:URL", "x=http://u:p@h/"), ("--health=x=env:URL", "--health=x=http://u:p@h/"),
    ("--metrics=env:URL", "--metrics=http://u:p@h/"),
  ])
  func `a variable stands for a URL`(_ word: String, _ resolved: String) throws {
    #expect(try SecretWords.resolved([word], environment: ["URL": "http://u:p@h/"]) == [resolved])
    #expect(throws: Problem.self) { try SecretWords.resolved([word], environment: ["URL": ""]) }
  }

  @Test(arguments: [
    (["probe", "x", "--duration", "-5"], ["probe", "x", "--duration=-5"]),
    (["demo", "--speed", "-1.5", "--plain"], ["demo", "--speed=-1.5", "--plain"]),
    (["demo", "--plain", "-5"], ["demo", "--plain", "-5"]), (["demo", "--speed", "--plain"], ["demo", "--speed", "--plain"]),
  ])
  func `negative numbers are values`(_ words: [String], _ bound: [String]) throws {
    let program = try #require(CommandTree(of: Dubwatch.self))
    #expect(CommandLineMistake.bindingNegativeValues(words, in: program) == bound)
  }

  @Test(arguments: [
    ("There is no scenario 'x'. Scenarios: a, b.", "there is no scenario 'x'. Scenarios: a, b"),
    ("--speed is 0.0, but must be 1.", "--speed is 0.0, but must be 1"),
    ("TERM is not set.", "TERM is not set"), ("One.\nTwo.", "one"), ("and so on...", "and so on..."),
  ])
  func `a message goes on after the program's name`(_ message: String, _ sentence: String) {
    #expect(CommandLineWords.sentence(message) == sentence)
  }

  @Test func `the manual page names every command`() throws {
    let program = try #require(CommandTree(of: Dubwatch.self))
    let page = ManPage.text(program)
    for example in CommandExamples.all {
      #expect(page.contains(".SS \"dubwatch \(example.command.replacing("-", with: "\\-"))\""), "\(example.command)")
    }
    #expect(page.utf8.allSatisfy { $0 < 0x80 })
  }
}
