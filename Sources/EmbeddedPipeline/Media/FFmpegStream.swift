import ProcessGuard
import Synchronization
import WireFormats

/// A stream that ffmpeg speaks for us: RTMP and RTSP, repackaged and not touched otherwise (`-c copy`).
struct FFmpegStream: Sendable {
  let address: MediaAddress
  let format: String
  let processGuard: ProcessGuard

  private static let common = ["-hide_banner", "-nostats", "-loglevel", "warning"]
  /// Enough to learn of both tracks of a live stream, without the seconds that ffmpeg takes by default.
  private static let probing = ["-analyzeduration", "1500000", "-probesize", "1000000", "-fpsprobesize", "0"]

  /// Takes the stream in as MPEG-TS until it ends.
  /// - Throws: a `MediaLinkError` when there is no stream (before the first bytes).
  func read(deliver: @escaping @Sendable ([UInt8]) async -> Void) async throws -> MediaEnd {
    var arguments = Self.common + ["-nostdin"] + Self.probing
    if format == "rtsp" { arguments += ["-rtsp_transport", "tcp"] }
    arguments += ["-i", address.url, "-map", "0:v:0?", "-map", "0:a:0?", "-c", "copy"]
    arguments += ["-muxdelay", "0", "-muxpreload", "0", "-flush_packets", "1", "-f", "mpegts", "pipe:1"]
    let note = ChildNote(address: address)
    let child = try await start(arguments, input: nil) { channel, bytes in
      switch channel {
      case .standardOutput:
        note.begin()
        await deliver(bytes)
      case .standardError: note.take(bytes)
      }
    }
    let exit = await wait(child)
    guard note.hasBegun else { throw MediaLinkError(note.text ?? "ffmpeg \(exit)") }
    return exit == .exited(0) ? .finished : .lost(note.text ?? "ffmpeg \(exit)")
  }

  /// Puts the MPEG-TS of `chunks` out until it ends or ffmpeg does. `opened` is called once ffmpeg takes data.
  /// - Throws: a `MediaLinkError` when ffmpeg ended before.
  func write(_ chunks: AsyncStream<[UInt8]>, opened: @escaping @Sendable () async -> Void) async throws {
    let note = ChildNote(address: address)
    guard format == "rtsp" else {
      let arguments = Self.taking("mpegts") + ["-flvflags", "no_duration_filesize", "-f", format, address.url]
      return try await finish(try await start(arguments, input: chunks) { $0 == .standardError ? note.take($1) : () }, note, opened)
    }
    // RTSP describes the tracks before it sends anything, and AAC in MPEG-TS is described by its frames only, which ffmpeg refuses
    // ("AAC with no global headers"). FLV carries the description: a first ffmpeg makes that of it, a second one publishes.
    let (pieces, feed) = AsyncStream.makeStream(of: [UInt8].self, bufferingPolicy: .bufferingOldest(Self.heldPieces))
    let publishing = try await start(
      Self.taking("flv") + ["-rtsp_transport", "tcp", "-f", format, address.url], input: pieces
    ) { $0 == .standardError ? note.take($1) : () }
    let repacking: GuardedProcess
    do {
      repacking = try await start(Self.taking("mpegts") + ["-flush_packets", "1", "-f", "flv", "pipe:1"], input: chunks) { channel, bytes in
        guard channel == .standardOutput, case .dropped = feed.yield(bytes) else { return }
        note.say("the receiver is too slow")
        await publishing.terminate(grace: 1)
      }
    } catch {
      feed.finish()
      await publishing.terminate(grace: 1)
      throw error
    }
    let passing = Task {
      _ = await repacking.waitForExit()
      feed.finish()
    }
    defer { passing.cancel() }
    do {
      try await finish(publishing, note, opened)
    } catch {
      await repacking.terminate(grace: 1)
      throw error
    }
    await repacking.terminate(grace: 1)
  }

  /// Pieces that wait for a publishing ffmpeg: some 10 s of real time.
  private static let heldPieces = 4096

  private static func taking(_ format: String) -> [String] {
    common + probing + ["-f", format, "-i", "pipe:0", "-map", "0:v:0?", "-map", "0:a:0?", "-c", "copy"]
  }

  private func finish(_ child: GuardedProcess, _ note: ChildNote, _ opened: @escaping @Sendable () async -> Void) async throws {
    await opened()
    let exit = await wait(child)
    guard exit == .exited(0) || Task.isCancelled else { throw MediaLinkError(note.text ?? "ffmpeg \(exit)") }
  }

  private func start(
    _ arguments: [String], input: AsyncStream<[UInt8]>?, output: @escaping GuardedProcess.OutputHandler
  ) async throws -> GuardedProcess {
    do { return try await processGuard.start(ChildRequest("ffmpeg", arguments), input: input, output: output) } catch {
      throw MediaLinkError(error.description)
    }
  }

  private func wait(_ child: GuardedProcess) async -> ChildExit {
    await withTaskCancellationHandler {
      await child.waitForExit()
    } onCancel: {
      Task { await child.terminate(grace: 1) }
    }
  }
}

/// What a child has said: whether its stream began, and its last line of complaint, without the address's secrets.
private final class ChildNote: Sendable {
  private struct State {
    var hasBegun = false
    var lines = LineAssembler()
    var last: String?
  }
  private let state = Mutex(State())
  private let address: MediaAddress

  init(address: MediaAddress) { self.address = address }

  var hasBegun: Bool { state.withLock { $0.hasBegun } }
  func begin() { state.withLock { $0.hasBegun = true } }

  func say(_ text: String) { state.withLock { $0.last = text } }

  func take(_ bytes: [UInt8]) {
    state.withLock { state in
      var lines: [String] = []
      state.lines.append(bytes, to: &lines)
      if let line = lines.last(where: { !$0.isEmpty }) { state.last = line }
    }
  }

  var text: String? {
    guard let last = state.withLock({ $0.last }) else { return nil }
    return LogText.oneLine(String("ffmpeg: \(last.replacing(address.url, with: address.shown))".prefix(300)))
  }
}
