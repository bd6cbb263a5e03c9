import Foundation
import TestSupport
import Testing
import WireFormats

@Suite struct SmallFileTests {
  @Test func `a file is read up to a limit`() throws {
    let scratch = try Scratch()
    let path = scratch.file("file")
    try Data((0..<200_000).map { UInt8($0 % 251) }).write(to: URL(fileURLWithPath: path))
    #expect(SmallFile.bytes(of: path, atMost: 1 << 20)?.count == 200_000)
    #expect(SmallFile.bytes(of: path, atMost: 3) == [0, 1, 2])
    #expect(SmallFile.bytes(of: path, atMost: 0) == [])
  }

  @Test func `nothing else is read, and nobody is waited for`() throws {
    let scratch = try Scratch()
    let pipe = scratch.file("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    for path in [pipe, "/", "/dev/zero", scratch.file("none"), ""] { #expect(SmallFile.bytes(of: path, atMost: 10) == nil) }
  }
}
