import Events
import Foundation
import RunModel
import TestSupport
import Testing
import WireFormats

@testable import Export

@Suite struct PageTests {
  private static let hostile: [Happening.Kind] = [
    .note("<script>alert(1)</script> & \"quoted\" </script><img src=x onerror=alert(2)>"), .note("right\u{202E}to left\u{2066}\u{1B}[31m"),
    .note(String(repeating: "w", count: 10_000)), .speechDisconnected(reason: "'--><!-- ]]>"),
  ]

  @Test func `a page is one file that asks for nothing`() async throws {
    let page = try await written("html")
    #expect(page.utf8.count < 2_000_000)
    #expect(page.contains("<h1>non-retryable-error <span class=\"outcome good\">PASSED</span></h1>"))
    // The only addresses in it are text of the run.
    #expect(!page.contains("src=") && !page.contains("@import") && !page.contains("url("))
    for id in ["verdict", "charts", "events"] { #expect(page.contains("<section id=\"\(id)\"")) }
    for name in ["breaker", "fragments_sent", "health of "] { #expect(page.contains(name)) }
  }

  @Test func `text from outside is text`() async throws {
    let page = HTMLExport.page(try ExportedRun(try await recording(Self.hostile), path: "memory.mcap"))
    #expect(page.components(separatedBy: "<script").count == 3)
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quoted&quot;"))
    #expect(!page.contains("<img"))
    #expect(page.unicodeScalars.allSatisfy { !(0x202A...0x202E).contains($0.value) && !(0x2066...0x2069).contains($0.value) })
    #expect(!page.contains("\u{1B}"))
    #expect(page.contains("‹U+202E›"))
    #expect(page.contains("not judged"))
  }

  @Test func `what is missing is said at the top`() async throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: recordedRun))
    let scratch = try Scratch("export")
    try scratch.write("half.mcap", [UInt8](bytes.prefix(bytes.count / 2)))
    let page = try await written("html", scratch.file("half.mcap"))
    #expect(page.contains("<p class=\"missing\" role=\"note\">Not known: "))
    #expect(!page.contains("PASSED"))
  }

  /// Of every kind of browser this is the one that Debian has.
  private static let chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  @Test func `a real browser shows the values of the terminal, by keyboard, in light and dark, and prints it`() async throws {
    guard PythonPeer.isAvailable("the page in a browser", importing: "websocket") else { return }
    guard let chromium = Self.chromium else { return skip("the page in a browser", "no chromium: run make setup") }
    let scratch = try Scratch("export")
    let run = try ExportedRun(path: recordedRun)
    try scratch.write("page.html", HTMLExport.page(run))
    let end = run.state.now.seconds * 1000
    let instants = (1...12).map { Int(end * Double($0) / 13) }
    let found = try await answer("page.py", [chromium, scratch.file("page.html"), scratch.path] + instants.map(String.init), within: 180)
    #expect(found["errors"]?.arrayValue == [], "\(String(describing: found["errors"]))")
    #expect(found["asked"]?.arrayValue?.allSatisfy { $0.stringValue?.hasPrefix("file:///") == true } == true)
    let names = try #require(found["names"]?.arrayValue).compactMap(\.stringValue)
    #expect(names == run.lanes.map(\.name) + run.series.map(\.name))
    var compared = 0
    for instant in instants {
      let shown = try #require(found["cursor"]?[String(instant)]?.arrayValue).compactMap(\.stringValue)
      let at = RunInstant(seconds: Double(instant) / 1000)
      for (series, text) in zip(run.series, shown.dropFirst(run.lanes.count)) {
        guard let value = series.value(at: at) else {
          #expect(text == "not known yet")
          continue
        }
        let shown = try #require(Double(text.split(separator: " ")[0]))
        #expect(series.unit == "ms" ? abs(shown - value) <= 0.0005 : shown == value, "\(series.name) at \(instant)")
        compared += 1
      }
    }
    #expect(compared > 100)
    let reached = try #require(found["reached"]?.arrayValue).compactMap(\.stringValue)
    #expect(Set(["A", "cursor", "filter", "category", "BUTTON"]).isSubset(of: reached), "\(reached)")
    #expect(found["moved"]?.doubleValue == -100)
    #expect(found["shown"]?.stringValue?.contains(" of \(run.state.rows.count) shown") == true)
    let grounds = try #require(found["grounds"]?.arrayValue)
    #expect(grounds == ["rgb(255, 255, 255)", "rgb(20, 23, 28)"])
    let roles = try #require(found["roles"]?.arrayValue).compactMap { $0.arrayValue?.compactMap(\.stringValue) }
    #expect(roles.contains(["slider", "Time of the cursor"]))
    for wanted in [["heading", "Verdict"], ["heading", "Over time"], ["heading", "Events"], ["searchbox", "Filter"]] {
      #expect(roles.contains(wanted), "\(wanted)")
    }
    #expect(found["overflow"]?.doubleValue == 0)
    let printed = try #require(found["printed"]?.stringValue)
    for part in ["non-retryable-error", "PASSED", "Verdict", "Over time", "Events", "fragments_sent"] {
      #expect(printed.contains(part), "\(part)")
    }
  }

  @Test func `a real browser takes hostile text as text`() async throws {
    guard PythonPeer.isAvailable("the page in a browser", importing: "websocket") else { return }
    guard let chromium = Self.chromium else { return skip("the page in a browser", "no chromium: run make setup") }
    let scratch = try Scratch("export")
    try scratch.write("page.html", HTMLExport.page(try ExportedRun(try await recording(Self.hostile), path: "memory.mcap")))
    let found = try await answer("page.py", [chromium, scratch.file("page.html"), scratch.path, "0"], within: 180)
    #expect(found["errors"]?.arrayValue == [])
    #expect(found["scripts"]?.intValue == 2)
    #expect(found["overflow"]?.doubleValue == 0)
    #expect(found["text"]?.stringValue?.contains("<script>alert(1)</script> & \"quoted\" </script><img src=x onerror=alert(2)>") == true)
  }
}
