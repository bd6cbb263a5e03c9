import Events
import Foundation
import MediaSync
import ProcessGuard
import TestSupport
import Testing
import WireFormats

@testable import HarnessCore

extension MediaTests {
  @Suite struct FixtureTests {
    private let tools = MediaTools()

    private func violations(_ path: String) async throws -> [String] {
      try await FixtureProbe(processGuard: tools.processGuard).measure(path).violations().map(\.field)
    }

    @Test func `the committed stream keeps every rule`() async throws {
      let fixture = try await FixtureProbe(processGuard: tools.processGuard).measure(CommittedFixture.path)
      #expect(fixture.violations().isEmpty)
      #expect(fixture.facts.byteCount < 5_000_000)
      #expect(fixture.facts.videoSeconds == 60)
      #expect(try #require(fixture.facts.audioSeconds) < 60)
    }

    /// What is really seen and heard, decoded: a white frame at each mark and nowhere else, and a beep that begins with it.
    @Test func `flashes and beeps of the committed stream are where the rhythm has them`() async throws {
      let input = ["-i", CommittedFixture.path]
      let picture = try await tools.read(["-t", "30"] + input + ["-an", "-vf", "scale=16:9", "-pix_fmt", "gray", "-f", "rawvideo", "-"])
      let frameBytes = 16 * 9
      let white = (0..<picture.count / frameBytes).filter { frame in
        picture[frame * frameBytes..<(frame + 1) * frameBytes].allSatisfy { $0 > 230 }
      }
      #expect(white.map { Double($0) / 30 } == MarkRhythm.standard.times.filter { $0 < 30 })

      // 8000 samples a second are enough for an eighth of a millisecond.
      let sound = try await tools.read(input + ["-vn", "-ac", "1", "-ar", "8000", "-f", "s16le", "-"])
      var onsets: [Double] = []
      var lastLoud = -1000
      for index in 0..<sound.count / 2 {
        let level = abs(Int(Int16(bitPattern: UInt16(sound[2 * index]) | UInt16(sound[2 * index + 1]) << 8)))
        guard level > 2000 else { continue }
        if index - lastLoud > 800 { onsets.append(Double(index) / 8000) }
        lastLoud = index
      }
      #expect(onsets.count == MarkRhythm.standard.times.count)
      for (onset, mark) in zip(onsets, MarkRhythm.standard.times) { #expect(abs(onset - mark) < 0.001) }
    }

    @Test(arguments: [
      ("mono", ["-i", CommittedFixture.path, "-c:v", "copy", "-ac", "1", "-c:a", "aac"], ["channels"]),
      ("slow sound", ["-i", CommittedFixture.path, "-c:v", "copy", "-ar", "44100", "-c:a", "aac"], ["sample rate"]),
      ("mp3", ["-i", CommittedFixture.path, "-c:v", "copy", "-c:a", "libmp3lame"], ["audio codec", "begins"]),
      (
        "no sound", ["-i", CommittedFixture.path, "-c", "copy", "-an"],
        ["streams", "audio codec", "sample rate", "channels", "track lengths", "begins"]
      ),
      (
        "no picture", ["-i", CommittedFixture.path, "-c", "copy", "-vn"],
        ["streams", "video codec", "resolution", "frame rate", "track lengths", "frames", "begins"]
      ),
      ("short", ["-i", CommittedFixture.path, "-t", "30", "-c", "copy"], ["duration", "frames"]),
      (
        "uneven", ["-t", "59.9", "-i", CommittedFixture.path, "-i", CommittedFixture.path, "-map", "0:v", "-map", "1:a", "-c", "copy"],
        ["track lengths", "frames"]
      ),
      (
        "small and slow",
        [
          "-f", "lavfi", "-i", "color=black:s=320x180:r=25:d=60", "-i", CommittedFixture.path, "-map", "0:v", "-map", "1:a", "-c:v",
          "libx264", "-preset", "ultrafast", "-c:a", "copy",
        ], ["resolution", "frame rate", "frames"]
      ),
    ])
    func `what is wrong with a file is named`(name: String, arguments: [String], fields: [String]) async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let file = scratch.file("a film.mp4")
      try await tools.make(arguments + [file])
      #expect(try await violations(file) == fields, "\(name)")
    }

    @Test(arguments: ["ts", "flv", "mkv"]) func `other containers are measured as well`(suffix: String) async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let file = scratch.file("film.\(suffix)")
      try await tools.make(["-i", CommittedFixture.path, "-c", "copy", file])
      #expect(try await violations(file) == [])
    }

    @Test func `what is no media file is said in a sentence`() async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      try scratch.write("text.mp4", "this is no film")
      try scratch.write("empty.mp4", "")
      try scratch.write("list.mp4", "#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n")
      mkfifo(scratch.file("pipe.mp4"), 0o600)
      for (name, words) in [
        ("missing.mp4", "does not exist"), ("text.mp4", "is no media file that ffprobe can read: moov atom not found; Invalid data"),
        ("empty.mp4", "is empty"), ("pipe.mp4", "is no regular file"), (".", "is a directory"), ("list.mp4", "is no media file"),
      ] {
        let failure = await #expect(throws: Problem.self) { try await violations(scratch.file(name)) }
        #expect(failure?.code == (name == "missing.mp4" ? .file : .badInput), "\(name)")
        #expect(try #require(failure).description.contains(words), "\(name): \(failure?.description ?? "")")
      }
    }

    @Test func `tools that are missing or hang are said`() async throws {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let missing = FixtureProbe(processGuard: tools.processGuard, ffprobe: "no-such-ffprobe")
      let failure = await #expect(throws: Problem.self) { try await missing.measure(CommittedFixture.path) }
      #expect(failure?.code == .toolMissing)
      #expect(failure?.description.contains("install ffmpeg") == true)

      // There, but nothing to be run: to install it is no help.
      try scratch.write("broken", "")
      chmod(scratch.file("broken"), 0o600)
      let broken = FixtureProbe(processGuard: tools.processGuard, ffprobe: scratch.file("broken"))
      let unrunnable = await #expect(throws: Problem.self) { try await broken.measure(CommittedFixture.path) }
      #expect(unrunnable?.code == .tool)
      #expect(unrunnable?.description.contains("cannot be started") == true && unrunnable?.description.contains("install") == false)
      try scratch.delete("broken")

      try scratch.write("hang", "#!/bin/sh\nexec sleep 600\n")
      chmod(scratch.file("hang"), 0o700)
      let hanging = FixtureProbe(processGuard: tools.processGuard, ffprobe: scratch.file("hang"), limit: 0.3)
      let late = await #expect(throws: Problem.self) { try await hanging.measure(CommittedFixture.path) }
      #expect(late?.description.contains("did not end within") == true)

      let maker = FixtureMaker(processGuard: tools.processGuard, ffmpeg: "no-such-ffmpeg")
      let target = scratch.file("film.mp4")
      let unmade = await #expect(throws: Problem.self) { try await maker.make(at: target) }
      #expect(unmade?.description.contains("install ffmpeg") == true)
      #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["hang"])
    }

    @Test func `packets of ffprobe are read whatever follows them`() {
      #expect(TrackSpan.packet("1,0.5,0.25,K_")?.span == TrackSpan(start: 0.5, end: 0.75))
      #expect(TrackSpan.packet("0,0.500000,N/A,K_,")?.span == TrackSpan(start: 0.5, end: 0.5))
      for line in ["", ",", "1,N/A,0.2,K_", "1,-0.021333,0.021333,KD", "x,1,1,K_", "1,1,1", "1,inf,1,K_"] {
        #expect(TrackSpan.packet(line) == nil, "\(line)")
      }
    }
  }
}

@Suite struct FixtureLocatorTests {
  private func locator(_ scratch: Scratch, given: String? = nil, _ environment: [String: String], executable: String? = nil)
    -> FixtureLocator
  {
    FixtureLocator(given: given, environment: environment, workingDirectory: scratch.path, executable: executable)
  }

  @Test func `the user's choice goes first, then the checkout, then the cache`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let home = ["HOME": scratch.path]
    let cached = scratch.file(".cache/dubwatch/dubwatch-60s-v2.mp4")
    #expect(try locator(scratch, home).find() == .toBeMade(cached))
    #expect(try locator(scratch, home.merging(["XDG_CACHE_HOME": "/x"]) { $1 }).find() == .toBeMade("/x/dubwatch/dubwatch-60s-v2.mp4"))
    #expect(try locator(scratch, home.merging(["XDG_CACHE_HOME": "relative"]) { $1 }).find() == .toBeMade(cached))

    try FileManager.default.createDirectory(atPath: scratch.file(".cache/dubwatch"), withIntermediateDirectories: true)
    try scratch.write(".cache/dubwatch/dubwatch-60s-v2.mp4", "film")
    // One without its dub was not made to the end.
    #expect(try locator(scratch, home).find() == .toBeMade(cached))
    try scratch.write(".cache/dubwatch/dubwatch-60s-v2.dub.aac", "dub")
    #expect(try locator(scratch, home).find() == .ours(cached))

    let checkout = scratch.file("checkout")
    try FileManager.default.createDirectory(atPath: checkout + "/fixtures/stream", withIntermediateDirectories: true)
    try scratch.write("checkout/" + FixtureLocator.checkoutPath, "film")
    let executable = checkout + "/.build/x86_64-unknown-linux-gnu/debug/dubwatch"
    #expect(try locator(scratch, home, executable: executable).find() == .ours(checkout + "/" + FixtureLocator.checkoutPath))

    try scratch.write("mine.mp4", "film")
    let named = home.merging([FixtureLocator.variable: scratch.file("mine.mp4")]) { $1 }
    #expect(try locator(scratch, named, executable: executable).find() == .given(scratch.file("mine.mp4")))
    #expect(
      try locator(scratch, given: "checkout/" + FixtureLocator.checkoutPath, named).find()
        == .given(checkout + "/" + FixtureLocator.checkoutPath))
  }

  @Test func `what cannot be found is said with what names it`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let gone = scratch.file("gone.mp4")
    #expect(throws: Problem(.file, "--fixture: \(gone) does not exist")) { try locator(scratch, given: "gone.mp4", [:]).find() }
    #expect(throws: Problem(.file, "DUBWATCH_FIXTURE: \(gone) does not exist")) {
      try locator(scratch, [FixtureLocator.variable: gone]).find()
    }
    guard case .nowhere(let reason) = try locator(scratch, [:]).find() else {
      Issue.record("there is no place for one")
      return
    }
    #expect(reason.contains("set HOME"))
  }
}
