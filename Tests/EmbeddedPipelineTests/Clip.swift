import Foundation
import TestSupport
import Testing

/// Small clips: a moving pattern and a tone, a key frame every second.
enum Clip {
  /// Writes an MPEG-TS clip and returns its bytes.
  static func make(
    _ name: String, in directory: Scratch, seconds: Double = 3, bFrames: Int = 0, offset: Double = 0, audio: Bool = true,
    video: Bool = true
  ) async throws -> [UInt8] {
    var arguments = ["-v", "error", "-y"]
    if video { arguments += ["-f", "lavfi", "-i", "testsrc2=s=160x90:r=30"] }
    if audio { arguments += ["-f", "lavfi", "-i", "sine=f=440:r=48000"] }
    arguments += ["-t", "\(seconds)"]
    if video { arguments += ["-c:v", "libx264", "-preset", "veryfast", "-g", "30", "-bf", "\(bFrames)", "-pix_fmt", "yuv420p"] }
    if audio { arguments += ["-c:a", "aac", "-ac", "2", "-b:a", "128k"] }
    arguments += ["-output_ts_offset", "\(offset)", "-f", "mpegts", "\(directory.path)/\(name)"]
    let made = try await ChildProgram("ffmpeg", arguments).result(within: 60)
    try #require(made.status == 0, "\(made.errors)")
    return directory.bytes(name)
  }

  /// A file's packets as ffprobe sees them, a track after another: kind, PTS, DTS, size, flags.
  static func packets(_ name: String, in directory: Scratch) async throws -> [String] {
    let probed = try await ChildProgram(
      "ffprobe", ["-v", "error", "-show_entries", "packet=codec_type,pts,dts,size,flags", "-of", "csv=p=0", "\(directory.path)/\(name)"]
    ).result(within: 60)
    #expect(probed.status == 0 && probed.errors.isEmpty, "\(probed.errors)")
    let lines = probed.output.split(separator: "\n").map { String($0.prefix { $0 != "_" }) }.filter { !$0.isEmpty }
    return lines.filter { $0.hasPrefix("video") } + lines.filter { $0.hasPrefix("audio") }
  }
}
