import TransportStream
import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A stream that we read ourselves, so that its connection outlives the decoders that look at it.
struct StreamSource: Sendable {
  /// What came of looking at it.
  enum Sight: Sendable {
    /// MPEG-TS: this is it, from its first byte on.
    case transport
    /// Something else: this is it, from its first byte on.
    case other
    /// ffmpeg is to open it itself, which knows more ways and formats.
    case foreign
    case failed(Problem)
  }

  /// As many bytes tell for sure whether it is MPEG-TS.
  static let previewBytes = 2048

  let bytes = ByteHandOff()
  private let feeder: Task<Void, Never>
  private let isLoopback: Bool
  /// How a server's answer ended.
  private let ending: Task<HTTPStream.End, Never>?

  /// Nil where ffmpeg is to open the stream itself.
  static func open(_ address: StreamAddress) -> StreamSource? {
    switch address.transport {
    case .rtmp, .rtsp: return nil
    case .file:
      // A pipe that is opened and closed again costs its writer its life: ffmpeg is to open it, once.
      guard isRegular(address.location) else { return nil }
      let descriptor = openFile(address.location)
      guard descriptor >= 0 else { return nil }
      guard let preview = DescriptorReader.preview(descriptor, previewBytes), isTransport(preview) else {
        close(descriptor)
        return nil
      }
      return StreamSource(descriptor, closes: true)
    case .standardInput:
      if let preview = DescriptorReader.preview(0, previewBytes), !isTransport(preview) { return nil }
      return StreamSource(0, closes: false)
    case .http:
      guard let target = try? TargetURL(address.location) else { return nil }
      return StreamSource(target, isLoopback: address.isLoopback)
    }
  }

  private static func isTransport(_ first: [UInt8]) -> Bool { TransportPacketReader.isTransportStream(first) ?? false }

  private static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  private static func openFile(_ path: String) -> Int32 {
    #if canImport(Glibc)
      return Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    #else
      return Darwin.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    #endif
  }

  private init(_ descriptor: Int32, closes: Bool) {
    let bytes = bytes
    ending = nil
    isLoopback = false
    feeder = Task {
      await DescriptorReader(descriptor).feed(bytes)
      if closes { close(descriptor) }
    }
  }

  private init(_ target: TargetURL, isLoopback: Bool) {
    let bytes = bytes
    self.isLoopback = isLoopback
    let ending = Task {
      let fetcher = HTTPFetcher()
      let end = await HTTPStream(fetcher: fetcher, target: target).feed(bytes)
      await bytes.finish(Self.problem(end))
      await fetcher.shutdown()
      return end
    }
    self.ending = ending
    feeder = Task {
      await withTaskCancellationHandler {
        _ = await ending.value
      } onCancel: {
        ending.cancel()
      }
    }
  }

  /// Looks at the first bytes.
  func look() async -> Sight {
    var first: [UInt8] = []
    while let piece = await bytes.take() {
      first += piece
      guard let isTransport = TransportPacketReader.isTransportStream(first) else { continue }
      if isTransport {
        await bytes.putBack(first)
        return .transport
      }
      break
    }
    if let ending {
      guard first.isEmpty else { return .foreign }
      switch await ending.value {
      // It has other ways of proving who asks.
      case .refused(401): return .foreign
      // It asks proxies, and minds no certificates.
      case .failed(let failure) where !isLoopback || failure.description.hasPrefix("TLS"): return .foreign
      case let end: return .failed(Self.problem(end) ?? Problem(.stream, "the answer is empty"))
      }
    }
    await bytes.putBack(first)
    return .other
  }

  /// Reads no more; returns when nothing of it is left.
  func end() async {
    await bytes.abandon()
    feeder.cancel()
    await feeder.value
  }

  private static func problem(_ end: HTTPStream.End) -> Problem? {
    switch end {
    case .whole: nil
    case .open: Problem(.stream, "the connection ended, and nothing says whether the stream was over")
    case .refused(let status): Problem(.stream, FFmpegWords.plain(status: status))
    case .failed(let failure): Problem(.stream, failure.description)
    }
  }
}
