import Foundation
import TestSupport
import Testing
import WireFormats

@testable import HarnessCore

@Suite struct SecretsTests {
  @Test(
    arguments: [
      ("http://host:80/path?a=b", "http://host:80/path?a=b"),
      ("http://user:geheim@host/x", "http://host/x"),
      ("http://geheim@host", "http://host"),
      ("https://u:ge@heim@host:1/", "https://host:1/"),
      ("http://u:ge/heim@host/", "http://host/"),
      ("http://[::1]:80/a@b", "http://[::1]:80/a@b"),
      ("http://host:8080/@scope/name", "http://host:8080/@scope/name"),
      ("http://h/?token=geheim&x=1", "http://h/?token=***&x=1"),
      ("http://h/?x=1&API_KEY=geheim#f", "http://h/?x=1&API_KEY=***#f"),
      ("http://h/?X-Amz-Signature=geheim", "http://h/?X-Amz-Signature=***"),
      ("http://h/?%74oken=geheim", "http://h/?%74oken=***"),
      ("http://h/?sig=geheim;pwd=geheim", "http://h/?sig=***;pwd=***"),
      ("curl --password=geheim 'http://u:geheim@h/' -v", "curl --password=*** 'http://h/' -v"),
      ("no url at all", "no url at all"), ("://@", "://"), ("", ""), ("=", "="), ("http://", "http://"),
    ])
  func `secrets in a text are masked`(text: String, expected: String) {
    #expect(Redaction.redact(text) == expected)
    #expect(!Redaction.redact(text).contains("geheim"))
  }

  @Test func `credentials never show`() throws {
    struct Holder { let name = "x"; let credentials: [Credentials] }
    let holder = Holder(credentials: [.bearer("geheim"), .basic(user: "geheimer", password: "geheim")])
    var dumped = ""
    dump(holder, to: &dumped)
    let texts = [dumped, "\(holder)", String(reflecting: holder), "\(holder.credentials)", String(describing: holder.credentials.first)]
    for text in texts { #expect(!text.contains("geheim"), "\(text)") }
    let target = try TargetURL("http://geheimer:geheim@host/?token=geheim")
    dumped = ""
    dump(target, to: &dumped)
    for text in [dumped, "\(target)", String(reflecting: target)] { #expect(!text.contains("geheim"), "\(text)") }
  }

  @Test(arguments: [
    "ftp://u:geheim@h/", "http://u:geheim@", "http://u:geheim@h:99999999/", "http:// u:geheim@h/", "http://u:geheim@h\u{1B}[2J/", "",
  ])
  func `errors of URLs never show`(text: String) {
    do throws(Problem) {
      let target = try TargetURL(text)
      Issue.record("accepted as \(target)")
    } catch {
      #expect(!error.description.contains("geheim"))
      #expect(!error.description.contains("\u{1B}"))
    }
  }

  @Test(arguments: [
    ("localhost:8000/metrics", "http://localhost:8000/metrics"), (":9998", "http://localhost:9998/"), ("HTTP://H", "http://H/"),
    ("https://h:1/x#frag", "https://h:1/x"),
  ])
  func `reads short URLs`(text: String, expected: String) throws {
    #expect(try TargetURL(text).description.lowercased() == expected.lowercased())
  }

  @Test func `reads credential sources`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try scratch.write("open", "tokén\nrest\n")
    try scratch.write("pair", "user:pass:word")
    chmod(scratch.file("open"), 0o644)
    chmod(scratch.file("pair"), 0o600)
    let environment = ["T": "abc", "U": "u", "P": "p", "EMPTY": "", "BAD": "a\r\nX: y"]
    #expect(try CredentialSource(parsing: "bearer:env:T").resolve(environment: environment).credentials == .bearer("abc"))
    #expect(
      try CredentialSource(parsing: "basic:env:U,P").resolve(environment: environment).credentials == .basic(user: "u", password: "p"))
    let open = try CredentialSource(parsing: "bearer:file:\(scratch.file("open"))").resolve(environment: [:])
    #expect(open.credentials == .bearer("tokén"))
    #expect(open.warning?.contains("chmod 600") == true)
    let pair = try CredentialSource(parsing: "basic:file:\(scratch.file("pair"))").resolve(environment: [:])
    #expect(pair.credentials == .basic(user: "user", password: "pass:word"))
    #expect(pair.warning == nil)
    for bad in ["bearer", "bearer:env:", "basic:env:U", "token:env:T", "geheim"] {
      #expect(throws: Problem.self) { try CredentialSource(parsing: bad) }
    }
    for missing in [
      "bearer:env:NONE", "bearer:env:EMPTY", "bearer:env:BAD", "bearer:file:\(scratch.file("none"))", "basic:file:\(scratch.file("open"))",
    ] {
      #expect(throws: Problem.self) { try CredentialSource(parsing: missing).resolve(environment: environment) }
    }
  }
}
