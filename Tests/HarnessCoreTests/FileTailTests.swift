import Foundation
import TestSupport
import Testing

@testable import HarnessCore

@Suite struct FileTailTests {
  /// A file that is looked at by hand; what a look finds is told as text, `|` where a file begins anew.
  private final class Tail {
    private var tail: FileTail
    private var buffer = [UInt8](repeating: 0, count: 4096)

    init(_ scratch: Scratch) { tail = FileTail(path: scratch.file("log"), start: .beginning) }

    deinit { tail.closeFile() }

    var skipped: Int { tail.skipped }

    func read(looks: Int = 3 * FileTail.looksAtRest) -> String {
      var text = ""
      for _ in 0..<looks {
        switch tail.look(into: &buffer) {
        case .bytes(let count, _): text += String(decoding: buffer[..<count], as: UTF8.self)
        case .restarted: text += "|"
        case .missing(let reason): text += "<\(reason)>"
        case .unchanged: break
        }
      }
      return text
    }
  }

  /// For a moment the path names something that cannot be read; then it is the same file again.
  @Test func `a path that leads astray for a moment tells nothing twice`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try scratch.write("log", "one line that is long enough to be told apart\n")
    let log = Tail(scratch)
    #expect(log.read(looks: 3) == "one line that is long enough to be told apart\n")
    try FileManager.default.moveItem(atPath: scratch.file("log"), toPath: scratch.file("away"))
    try FileManager.default.createDirectory(atPath: scratch.file("log"), withIntermediateDirectories: false)
    try scratch.append("away", Array("two\n".utf8))
    #expect(log.read(looks: 2).contains("two\n"))
    #expect(log.read(looks: 1) == "<not a regular file>")
    try FileManager.default.removeItem(atPath: scratch.file("log"))
    try FileManager.default.moveItem(atPath: scratch.file("away"), toPath: scratch.file("log"))
    try scratch.append("log", Array("three\n".utf8))
    #expect(log.read() == "three\n")
  }

  /// A copy is made, then the file is cut: what was written between our last look and the copy is in the copy alone.
  @Test func `reads from the copy what a cut took away`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let first = "2026-01-01 00:00:00 one, long enough to be told apart\n"
    try scratch.write("log.1", "from an older rotation, longer than what is in the file now, but something else\n")
    try scratch.write("log", first)
    let log = Tail(scratch)
    #expect(log.read(looks: 3) == first)
    try scratch.append("log", "two\n")
    try scratch.write("log-20260101", first + "two\n")
    try scratch.truncate("log")
    try scratch.append("log", "three\n")
    #expect(log.read(looks: 6) == "two\n|three\n")
    // Cut without a copy: it begins anew.
    try scratch.append("log", String(repeating: "x", count: 40) + "\n")
    #expect(log.read(looks: 2) == String(repeating: "x", count: 40) + "\n")
    try scratch.truncate("log")
    #expect(log.read(looks: 2) == "|")
    try scratch.append("log", "four\n")
    #expect(log.read(looks: 2) == "four\n")
  }

  /// Between two looks the log is rotated more than once: what lies between is beside it.
  @Test(arguments: [["log.2", "log.1"], ["log-20260101", "log-20260102"], ["log.2026-01-01T10", "log.old"]])
  func `reads what came and went between two looks`(names: [String]) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try scratch.write("log.9", "older than all\n")
    try scratch.write("log", "one\n")
    let log = Tail(scratch)
    #expect(log.read(looks: 3) == "one\n")
    try scratch.append("log", "two\n")
    try scratch.move("log", to: names[0])
    try scratch.write("log", "three\n")
    try scratch.move("log", to: names[1])
    // What only begins alike is another log, and so is the one of a second worker.
    for other in ["log.lock", "log-errors", "log-2", "log.1-old-notes"] { try scratch.write(other, "of somebody else\n") }
    try scratch.write("log", "four\n")
    #expect(log.read() == "two\n|three\n|four\n")
    // None is read twice, also where its writer goes on in it.
    try scratch.append(names[0], "late\n")
    try scratch.move("log", to: "log.3")
    try scratch.write("log", "five\n")
    #expect(log.read() == "|five\n")
    #expect(log.skipped == 0)
  }

  /// The file before is still read when two more rotations come: each is held until its turn.
  @Test func `holds what waits to be read`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try scratch.write("log", "one\n")
    let log = Tail(scratch)
    #expect(log.read(looks: 3) == "one\n")
    for name in ["two", "three", "four"] {
      try scratch.delete("log")
      try scratch.write("log", name + "\n")
      #expect(log.read(looks: 2) == "")
    }
    #expect(log.read() == "|two\n|three\n|four\n")
    #expect(log.skipped == 0)
  }

  /// Looks come ten times a second: three or ten of them between two rotations.
  @Test(arguments: [3, 10]) func `keeps up with rotations`(looks: Int) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let log = Tail(scratch)
    var text = ""
    for number in 0..<60 {
      try scratch.write("log", "\(number)\n")
      text += log.read(looks: looks)
      try scratch.move("log", to: "log.\(number)")
    }
    try scratch.write("log", "last\n")
    text += log.read(looks: 20 * FileTail.looksAtRest)
    #expect(text.split(separator: "|").joined() == (0..<60).map { "\($0)\n" }.joined() + "last\n")
    #expect(log.skipped == 0)
  }

  @Test func `says what came and went and cannot be read`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try scratch.write("log", "one\n")
    let log = Tail(scratch)
    #expect(log.read(looks: 3) == "one\n")
    try scratch.move("log", to: "log.2")
    try scratch.write("log.1.gz", [0x1F, 0x8B, 0x08, 0x00])
    try scratch.write("log", "three\n")
    #expect(log.read() == "|three\n")
    #expect(log.skipped == 1)
  }

  /// Copied and cut twice between two looks.
  @Test func `reads all copies`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let first = "2026-01-01 00:00:00 one, long enough to be told apart\n"
    try scratch.write("log", first)
    let log = Tail(scratch)
    #expect(log.read(looks: 3) == first)
    try scratch.write("log.2", first + "two\n")
    try scratch.write("log.1", "three\n")
    try scratch.truncate("log")
    try scratch.append("log", "four\n")
    #expect(log.read() == "two\n|three\n|four\n")
  }

  @Test(arguments: [
    ("app.log", "app.log.1", true), ("app.log", "app.log.10.gz", true), ("app.log", "app-2026-01-01T10-00-00.000.log", true),
    ("app.log", "app-2026-01-01T10-00-00.000.log.gz", true), ("app.log", "app.log-20260101", true), ("app.log", "app.log.old", true),
    ("app.log", "app.log", false), ("app.log", "app-2.log", false), ("app.log", "app.log.pos", false), ("app.log", "app.log.", false),
    ("app.log", "other.log.1", false), ("app.log", "app.1.log", false), ("app.log", "app.log-1", false), ("app", "app_20260101", true),
    (".log", "x.log", false), ("app.log", "app.lo", false), ("app.log", "ap.log", false),
  ])
  func `knows a rotated file by its name`(log: String, other: String, isRotation: Bool) {
    #expect(RotatedFiles(of: "/var/log/" + log).isRotation(other) == isRotation)
  }
}
