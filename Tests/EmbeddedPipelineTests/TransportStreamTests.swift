import MediaSync
import TestSupport
import Testing

@testable import EmbeddedPipeline
@testable import TransportStream

@Suite struct TransportStreamTests {
  /// Demuxes bytes in pieces of any size and muxes them again.
  private func remux(_ bytes: [UInt8], seed: UInt64) throws -> (units: [ElementaryUnit], bytes: [UInt8]) {
    var random = SplitMix(seed: seed)
    var demuxer = TransportDemuxer()
    var units: [ElementaryUnit] = []
    var at = 0
    while at < bytes.count {
      let end = min(bytes.count, at + Int.random(in: 1...3000, using: &random))
      units += demuxer.feed(Array(bytes[at..<end]))
      at = end
    }
    units += demuxer.finish()
    #expect(demuxer.faults == TransportFaults())
    var muxer = TransportMuxer(try #require(demuxer.program).tracks)
    var out: [UInt8] = []
    for unit in units { #expect(muxer.write(unit, into: &out)) }
    return (units, out)
  }

  @Test(arguments: [(0, 0.0, 1), (2, 0.0, 2), (3, 95_442.0, 3)])
  func `ffmpeg finds the same packets after demux and mux`(bFrames: Int, offset: Double, seed: Int) async throws {
    let directory = try Scratch()
    let clip = try await Clip.make("in.ts", in: directory, seconds: 4, bFrames: bFrames, offset: offset)
    let (units, out) = try remux(clip, seed: UInt64(seed))
    try directory.write("out.ts", out)
    let before = try await Clip.packets("in.ts", in: directory)
    #expect(before.count > 280, "\(before.count)")
    #expect(try await Clip.packets("out.ts", in: directory) == before)
    let played = try await ChildProgram(
      "ffmpeg", ["-v", "error", "-xerror", "-i", "\(directory.path)/out.ts", "-f", "null", "-"]
    ).result(within: 60)
    #expect(played.status == 0 && played.errors.isEmpty, "\(played.errors)")
    #expect(units.count { $0.track == .video } == 120)
    #expect(units.count { $0.track == .video && $0.isRandomAccess } == 4)
    #expect(units.allSatisfy { (0..<TransportClock.period).contains($0.pts) })
    let decoding = unwrapped(units.filter { $0.track == .video }.map(\.decodingTime))
    #expect(zip(decoding, decoding.dropFirst()).allSatisfy { $1 - $0 == 3000 })
    #expect(((decoding.last ?? 0) >= TransportClock.period) == (offset > 0), "the wrap lies inside")
  }

  @Test func `audio frames have the times that ffprobe finds`() async throws {
    let directory = try Scratch()
    var demuxer = TransportDemuxer()
    let clip = try await Clip.make("a.ts", in: directory, video: false)
    let units = demuxer.feed(clip) + demuxer.finish()
    #expect(demuxer.program?.tracks.map(\.streamType) == [StreamType.adtsAAC])
    var splitter = ADTSSplitter()
    let frames = units.flatMap { splitter.split($0) }
    #expect(frames.allSatisfy { $0.header.sampleRate == 48000 && $0.header.channels == 2 && $0.header.samples == 1024 })
    let expected = try await Clip.packets("a.ts", in: directory).map { $0.split(separator: ",")[1] }
    #expect(frames.map { "\($0.pts)" } == expected.map(String.init))
    #expect(splitter.skippedBytes == 0)
  }

  @Test func `units of every size come back as they were`() {
    let tracks = [TransportTrack(pid: 0x100, streamType: StreamType.h264), TransportTrack(pid: 0x101, streamType: StreamType.adtsAAC)]
    var units: [ElementaryUnit] = []
    for size in Array(1...600) + [65_500, 65_522, 65_523, 65_535, 70_000] {
      let video = size % 2 == 0
      units.append(
        ElementaryUnit(
          track: video ? .video : .audio, pid: video ? 0x100 : 0x101, streamType: video ? StreamType.h264 : StreamType.adtsAAC,
          pts: Int64(size) * 3003, dts: size % 3 == 0 ? Int64(size) * 3003 - 6006 : nil,
          payload: (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 | 2) }, isRandomAccess: size % 5 == 0))
    }
    // Only video may leave its length open.
    units.removeAll { $0.track == .audio && $0.payload.count > 60_000 }
    var muxer = TransportMuxer(tracks)
    var out: [UInt8] = []
    for unit in units { muxer.write(unit, into: &out) }
    #expect(out.count % 188 == 0)
    var demuxer = TransportDemuxer()
    var back = demuxer.feed(out)
    back += demuxer.finish()
    #expect(back == units)
    #expect(demuxer.faults == TransportFaults())
    let stranger = ElementaryUnit(track: .audio, pid: 0x300, streamType: 3, pts: 0, payload: [1])
    #expect(muxer.write(stranger).isEmpty)
  }

  @Test func `tables come before key frames and every half second`() {
    var muxer = TransportMuxer(hasAudio: false)
    func unit(_ frame: Int64, key: Bool) -> ElementaryUnit {
      ElementaryUnit(track: .video, pid: 0x100, streamType: StreamType.h264, pts: frame * 3000, payload: [0], isRandomAccess: key)
    }
    var tables: [Int64] = []
    for frame in 0..<60 as Range<Int64> {
      let bytes = muxer.write(unit(frame, key: frame == 20))
      if bytes[1] == 0x40 && bytes[2] == 0 { tables.append(frame) }
    }
    #expect(tables == [0, 15, 20, 35, 50])
  }

  @Test func `the distance of two times is the shorter way across the wrap`() {
    let period = TransportClock.period
    for (raw, expected): ([Int64], [Int64]) in [
      ([0, 3000, 6000], [0, 3000, 6000]),
      ([period - 10, 5, period - 5, 20], [period - 10, period + 5, period - 5, period + 20]),
      ([5, period - 5, 10], [5, -5, 10]),
      ([100, 50, 100], [100, 50, 100]),
      ([Int64.min, Int64.max], [0, -1]),
    ] {
      #expect(unwrapped(raw) == expected)
    }
  }

  /// Times on an axis that does not come round: each as near to the one before as it can be; the first stays as it is.
  private func unwrapped(_ times: [Int64]) -> [Int64] {
    var axis: [Int64] = []
    for time in times {
      let raw = TransportClock.wrapped(time)
      axis.append(axis.last.map { $0 + TransportClock.distance(from: $0, to: raw) } ?? raw)
    }
    return axis
  }

  @Test func `frames are split wherever the units are cut`() {
    let bytes = AACSilence.frames(firstFrame: 0, count: 12)
    for cut in [1, 5, 6, 7, 100, 340, 341, 342, 1000, 4000] {
      var splitter = ADTSSplitter()
      let first = splitter.split(Array(bytes[..<cut]), pts: 0)
      // The first frame that begins in the second unit.
      let begun = (0...12).first { AACSilence.byteCount(firstFrame: 0, frames: $0) >= cut } ?? 12
      let frames = first + splitter.split(Array(bytes[cut...]), pts: Int64(begun) * 1920)
      #expect(frames.map(\.pts) == (0..<12).map { $0 * 1920 }, "cut at \(cut)")
      #expect(frames.flatMap(\.bytes) == bytes)
    }
    var splitter = ADTSSplitter()
    let frames = splitter.split([1, 0xFF, 2, 0xFF, 0xF1] + bytes + [9, 9], pts: 0)
    #expect(frames.count == 11, "the last is followed by garbage")
    #expect(splitter.skippedBytes > 300)
  }
}
