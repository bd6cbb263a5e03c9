import Events
import ProcessGuard
import WireFormats

/// Measures a fixture with ffprobe.
package struct FixtureProbe: Sendable {
  let run: ToolRun
  private let ffprobe: String
  private let limit: Double

  /// A probe.
  /// - Parameters:
  ///   - ffprobe: the executable: a path, or a name to look for in PATH.
  ///   - limit: how long one measurement may take, in real seconds.
  package init(processGuard: ProcessGuard, ffprobe: String = "ffprobe", limit: Double = 60) {
    run = ToolRun(processGuard: processGuard)
    self.ffprobe = ffprobe
    self.limit = limit
  }

  /// What the file is.
  /// - Parameter path: its absolute path.
  package func measure(_ path: String) async throws(Problem) -> TestFixture {
    let bytes = try FileFacts.size(of: path)
    let report = try await report(path)
    let tracks = try await trackLengths(path)
    let video = report.streams.first { $0.codecType == "video" && $0.disposition?.attachedPicture != 1 }
    let audio = report.streams.first { $0.codecType == "audio" }
    let videoSeconds = video.flatMap { tracks[$0.index]?.span.seconds }
    let audioSeconds = audio.flatMap { tracks[$0.index]?.span.seconds }
    let counted = TestFixture.Counted(
      frames: video.flatMap { tracks[$0.index]?.times.count } ?? 0, longestStepSeconds: video.flatMap { tracks[$0.index]?.longestStep },
      videoBegin: video.flatMap { tracks[$0.index]?.span.start }, audioBegin: audio.flatMap { tracks[$0.index]?.span.start })
    let declared = report.format?.duration.flatMap(Double.init)
    let facts = TestFixture.Facts(
      durationSeconds: Self.duration(declared: declared, tracks: [videoSeconds, audioSeconds]), videoCodec: video?.codecName,
      width: video?.width ?? 0, height: video?.height ?? 0, framesPerSecond: video?.framesPerSecond ?? 0, audioCodec: audio?.codecName,
      sampleRate: audio?.sampleRate.flatMap { Int($0) } ?? 0, channels: audio?.channels ?? 0, byteCount: bytes, videoSeconds: videoSeconds,
      audioSeconds: audioSeconds, counted: counted)
    return TestFixture(path: path, facts: facts)
  }

  /// What the file holds, never more than it declares: a file that was cut off declares what it once held.
  private static func duration(declared: Double?, tracks: [Double?]) -> Double {
    guard let longest = tracks.compactMap(\.self).max() else { return declared ?? 0 }
    return min(longest, declared ?? longest)
  }

  /// Only files are opened, whatever a playlist asks for.
  private static let input = ["-v", "level+error", "-protocol_whitelist", "file"]

  private func report(_ path: String) async throws(Problem) -> FFprobeReport {
    let output = TextCollector(limit: 1 << 20)
    let arguments = Self.input + ["-show_streams", "-show_format", "-of", "json", "-i", "file:" + path]
    let complaint = try await probe(arguments, path) { await output.add($0) }
    do {
      let report = try JSONValue.parse(await output.text).decoded(as: FFprobeReport.self)
      guard !report.streams.isEmpty else { throw Problem(.badInput, "\(path) is no media file: it holds no streams") }
      return report
    } catch let failure as Problem {
      throw failure
    } catch {
      throw Problem(.badInput, "what ffprobe says about \(path) cannot be read" + (complaint.map { ": \($0)" } ?? ""))
    }
  }

  private func trackLengths(_ path: String) async throws(Problem) -> [Int: TrackPackets] {
    let spans = SpanCollector()
    let entries = "packet=stream_index,pts_time,duration_time,flags"
    _ = try await probe(Self.input + ["-show_entries", entries, "-of", "csv=p=0", "-i", "file:" + path], path) { await spans.add($0) }
    return await spans.spans
  }

  private func probe(
    _ arguments: [String], _ path: String, line: @escaping @Sendable (String) async -> Void
  ) async throws(Problem) -> String? {
    let outcome: ToolRun.Outcome
    do {
      outcome = try await run.run(ChildRequest(ffprobe, arguments), limit: limit, line: line)
    } catch {
      throw Problem(error, tool: "ffprobe", doing: "reading \(path)")
    }
    guard outcome.exit == .exited(0) else {
      // ffprobe names the file as it was given to it, which is said already.
      let reason = (outcome.complaint ?? "ffprobe \(outcome.exit)").replacing("file:\(path): ", with: "")
      throw Problem(.badInput, "\(path) is no media file that ffprobe can read: \(reason)")
    }
    return outcome.complaint
  }
}

/// From where to where a track's packets reach, in seconds.
struct TrackSpan: Sendable, Hashable {
  var start: Double
  var end: Double
  var seconds: Double { end - start }

  /// Reads one packet of ffprobe's `csv=p=0`: `0,0.033333,0.033333,K_`. Nil for packets without a time, or that a decoder drops (the
  /// priming of an edit list), and for lines that are none.
  static func packet(_ line: some StringProtocol) -> (stream: Int, span: TrackSpan)? {
    let fields = line.split(separator: ",", omittingEmptySubsequences: false)
    guard fields.count >= 4, let stream = Int(fields[0]), let start = Double(fields[1]), start.isFinite, !fields[3].contains("D") else {
      return nil
    }
    let duration = Double(fields[2]).flatMap { $0.isFinite && $0 > 0 ? $0 : nil } ?? 0
    return (stream, TrackSpan(start: start, end: start + duration))
  }
}

/// The packets of a track.
struct TrackPackets: Sendable {
  var span: TrackSpan
  /// When each is shown, in seconds, in the order in which they are decoded.
  var times: [Double] = []

  /// The longest time from one to the next as they are shown, in seconds; nil for fewer than two.
  var longestStep: Double? {
    let sorted = times.sorted()
    return zip(sorted, sorted.dropFirst()).map { $1 - $0 }.max()
  }
}

private actor SpanCollector {
  /// How many packets of a track are kept: hours of a test stream.
  private static let limit = 1_000_000
  private(set) var spans: [Int: TrackPackets] = [:]

  func add(_ line: String) {
    guard let (stream, span) = TrackSpan.packet(line) else { return }
    var known = spans[stream] ?? TrackPackets(span: span)
    known.span.start = min(known.span.start, span.start)
    known.span.end = max(known.span.end, span.end)
    if known.times.count < Self.limit { known.times.append(span.start) }
    spans[stream] = known
  }
}

private actor TextCollector {
  private(set) var text = ""
  private let limit: Int
  init(limit: Int) { self.limit = limit }

  func add(_ line: String) {
    guard text.utf8.count + line.utf8.count < limit else { return }
    text += line
    text += "\n"
  }
}

/// What `ffprobe -show_streams -show_format -of json` prints, as far as it is of use.
struct FFprobeReport: Decodable, Sendable {
  struct Stream: Decodable, Sendable {
    struct Disposition: Decodable, Sendable {
      var attachedPicture: Int?
      enum CodingKeys: String, CodingKey { case attachedPicture = "attached_pic" }
    }

    var index: Int
    var codecType: String?
    var codecName: String?
    var width: Int?
    var height: Int?
    var averageRate: String?
    var baseRate: String?
    var sampleRate: String?
    var channels: Int?
    var disposition: Disposition?

    enum CodingKeys: String, CodingKey {
      case index, width, height, channels, disposition
      case codecType = "codec_type"
      case codecName = "codec_name"
      case averageRate = "avg_frame_rate"
      case baseRate = "r_frame_rate"
      case sampleRate = "sample_rate"
    }

    var framesPerSecond: Double? { averageRate.flatMap(Self.ratio) ?? baseRate.flatMap(Self.ratio) }

    /// `30000/1001` as a number; nil for `0/0`.
    static func ratio(_ text: String) -> Double? {
      let parts = text.split(separator: "/").map { Double($0) }
      guard parts.count == 2, let above = parts[0], let below = parts[1], below != 0, above > 0 else { return nil }
      return above / below
    }
  }

  struct Format: Decodable, Sendable {
    var duration: String?
  }

  var streams: [Stream]
  var format: Format?
}
