import Foundation
import Testing

/// ffmpeg or ffprobe as a child of a test.
struct MediaTool {
  /// What a tool gave back.
  struct Result {
    var status: Int32
    var output: String
    var errors: String
  }

  let process = Process()
  private let directory: ScratchDirectory
  private let name: String

  /// Starts a tool; its output goes to files of `directory`.
  init(_ tool: String, _ arguments: [String], in directory: ScratchDirectory) throws {
    let path = try #require(Self.path(tool), "\(tool) is not installed: run make setup")
    self.directory = directory
    name = UUID().uuidString
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try directory.file(name + ".out")
    process.standardError = try directory.file(name + ".err")
    try process.run()
  }

  /// Runs a tool to its end; it is killed after `seconds`.
  static func run(_ tool: String, _ arguments: [String], in directory: ScratchDirectory, within seconds: Double = 60) async throws -> Result
  {
    let child = try MediaTool(tool, arguments, in: directory)
    return try await child.result(within: seconds)
  }

  /// Waits for the end, and makes one when it does not come.
  func result(within seconds: Double) async throws -> Result {
    if await !eventually(within: seconds, { !process.isRunning }) { end() }
    process.waitUntilExit()
    return Result(status: process.terminationStatus, output: directory.text(name + ".out"), errors: directory.text(name + ".err"))
  }

  /// What it said so far on its error output.
  var errors: String { directory.text(name + ".err") }

  func end() { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  private static func path(_ tool: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
    return folders.map { "\($0)/\(tool)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}

/// A directory that goes with the test.
final class ScratchDirectory: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/dubwatch-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) throws -> FileHandle {
    _ = FileManager.default.createFile(atPath: "\(path)/\(name)", contents: nil)
    return try FileHandle(forWritingTo: URL(fileURLWithPath: "\(path)/\(name)"))
  }

  func text(_ name: String) -> String { String(decoding: bytes(name), as: UTF8.self) }
  func bytes(_ name: String) -> [UInt8] { (try? [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))) ?? [] }
  func write(_ bytes: [UInt8], _ name: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)")) }
}

/// Small clips: a moving pattern and a tone, a key frame every second.
enum Clip {
  /// Writes an MPEG-TS clip and returns its bytes.
  static func make(
    _ name: String, in directory: ScratchDirectory, seconds: Double = 3, bFrames: Int = 0, offset: Double = 0, audio: Bool = true,
    video: Bool = true
  ) async throws -> [UInt8] {
    var arguments = ["-v", "error", "-y"]
    if video { arguments += ["-f", "lavfi", "-i", "testsrc2=s=160x90:r=30"] }
    if audio { arguments += ["-f", "lavfi", "-i", "sine=f=440:r=48000"] }
    arguments += ["-t", "\(seconds)"]
    if video { arguments += ["-c:v", "libx264", "-preset", "veryfast", "-g", "30", "-bf", "\(bFrames)", "-pix_fmt", "yuv420p"] }
    if audio { arguments += ["-c:a", "aac", "-ac", "2", "-b:a", "128k"] }
    arguments += ["-output_ts_offset", "\(offset)", "-f", "mpegts", "\(directory.path)/\(name)"]
    let made = try await MediaTool.run("ffmpeg", arguments, in: directory)
    try #require(made.status == 0, "\(made.errors)")
    return directory.bytes(name)
  }

  /// A file's packets as ffprobe sees them, a track after another: kind, PTS, DTS, size, flags.
  static func packets(_ name: String, in directory: ScratchDirectory) async throws -> [String] {
    let probed = try await MediaTool.run(
      "ffprobe", ["-v", "error", "-show_entries", "packet=codec_type,pts,dts,size,flags", "-of", "csv=p=0", "\(directory.path)/\(name)"],
      in: directory)
    #expect(probed.status == 0 && probed.errors.isEmpty, "\(probed.errors)")
    let lines = probed.output.split(separator: "\n").map { String($0.prefix { $0 != "_" }) }.filter { !$0.isEmpty }
    return lines.filter { $0.hasPrefix("video") } + lines.filter { $0.hasPrefix("audio") }
  }
}
