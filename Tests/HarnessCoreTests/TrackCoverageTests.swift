import MediaSync
import Testing

@testable import HarnessCore

@Suite struct TrackCoverageTests {
  @Test func `a silent track of a file is looked for longer once, then left out`() throws {
    var coverage = TrackCoverage()
    var command = ProbeCommandLine(address: try StreamAddress("x.mp4"), searchesMarks: true)
    func note(_ track: MediaTrack) -> [Bool] {
      [coverage.note(silent: track, isFile: true), coverage.takeReopening(), coverage.takeReopening()]
    }
    #expect(note(.video) == [true, true, false])
    coverage.prepare(&command)
    let early = coverage.takeSilent()
    #expect(command.analyzeSeconds == TrackCoverage.fileLook.seconds && command.tracks == [.video, .audio] && early.isEmpty)
    #expect(note(.video) == [true, true, false])
    coverage.prepare(&command)
    #expect(command.tracks == [.audio])
    #expect(!command.arguments.contains("0:v:0?") && command.arguments.contains("0:a:0?"))
    let told = coverage.takeSilent()
    #expect(told == [StreamDefect(.silent, .video)])
    // Where nothing is left it is over.
    #expect(note(.audio) == [true, true, false])
    #expect(note(.audio) == [false, false, false])
  }

  @Test func `a server is asked once more for whatever reason, and that is said`() throws {
    var silent = TrackCoverage()
    var command = ProbeCommandLine(address: try StreamAddress("rtmp://h/x"), searchesMarks: true)
    var answers = [silent.note(silent: .audio, isFile: false), silent.takeReopening()]
    #expect(answers == [true, true])
    silent.prepare(&command)
    #expect(command.tracks == [.video])
    let told = silent.takeSilent()
    #expect(told == [StreamDefect(.silent, .audio, seconds: 10), StreamDefect(.reopened, .video)])
    answers = [silent.canFollow(), silent.canReopen(for: .video, after: 8, isFile: false, isPaced: true)]
    #expect(answers == [false, false])
    // Neither of both sends: there is nothing to ask for.
    answers = [silent.note(silent: .video, isFile: false), silent.takeReopening()]
    #expect(answers == [false, false])
    var late = TrackCoverage()
    answers = [
      late.canReopen(for: .audio, after: 8, isFile: false, isPaced: true), late.note(silent: .audio, isFile: false), late.takeReopening(),
    ]
    #expect(answers == [true, false, false])
  }

  @Test func `a stream is opened anew for a later track once, a file twice at most, and one that plays never`() {
    var coverage = TrackCoverage()
    var may = [coverage.canReopen(for: .audio, after: 8, isFile: true, isPaced: true)]
    for _ in 0..<2 { may.append(coverage.canReopen(for: .audio, after: 8, isFile: false, isPaced: true)) }
    for _ in 0..<3 { may.append(coverage.canReopen(for: .audio, after: 8, isFile: true, isPaced: false)) }
    #expect(may == [false, true, false, true, true, false])
  }

  @Test(arguments: [
    ("[mpegts @ 0x55d5] [warning] New audio stream 0:1 at pos:86104 and DTS:8s", MediaTrack.audio),
    ("[mpegts @ 0x55d5] [warning] New video stream 0:2 at pos:1 and DTS:8.02s", .video),
    ("[mpegts @ 0x55d5] [warning] New data stream 0:2 at pos:1 and DTS:8.02s", nil), ("[info] New audio stream", nil),
  ]) func `a track that comes later is heard of`(line: String, track: MediaTrack?) { #expect(FFmpegWords.newTrack(line)?.track == track) }

  @Test(arguments: [
    ("Stream ends prematurely at 440108, should be 18446744073709551615", "nothing says whether the stream was over"),
    ("Connection to tcp://127.0.0.1:1 failed: Connection refused", "connection refused"),
    ("moov atom not found; x.mp4: Invalid data found when processing input", "no index (moov)"),
    ("something new", "ffmpeg says \"something new\""),
  ]) func `what ffmpeg complains of is said in plain words`(complaint: String, words: String) {
    #expect(FFmpegWords.plain(complaint).contains(words))
  }

  @Test func `the choice of an audio track is no part of the address`() throws {
    let address = try StreamAddress("http://h/live.ts?a=1#audio=2")
    #expect(address.audioIndex == 2 && address.arguments.last == "http://h/live.ts?a=1")
    #expect("\(address)" == "http://h/live.ts?a=1 (audio track 2)" && address.defaultName == "live.ts")
    for text in ["x.ts#audio=-1", "x.ts#audio=64", "x.ts#audio=b", "#audio=1"] {
      #expect(throws: (any Error).self, "\(text)") { try StreamAddress(text) }
    }
  }

  @Test func `every track of a container is listed`() {
    var description = InputDescription()
    description.audioIndex = 1
    for line in [
      "[info] Input #0, mpegts, from 'x.ts':", "[info]   Duration: 01:02:03.50, start: 1.400000, bitrate: 135 kb/s",
      "[info]   Stream #0:0[0x100]: Video: h264 ([27][0][0][0] / 0x001B), none, 90k tbr, 90k tbn",
      "[info]   Stream #0:1[0x101](eng): Audio: aac (LC) ([15][0][0][0] / 0x000F), 48000 Hz, stereo, fltp, 2 kb/s",
      "[info]   Stream #0:2[0x102](deu): Audio: ac3 (AC-3 / 0x332D4341), 44100 Hz, mono, fltp, 2 kb/s",
      "[info]   Stream #0:3[0x103](und): Data: timed_id3 (ID3  / 0x20334449)",
    ] { description.note(line) }
    #expect(description.claimedSeconds == 3723.5)
    #expect(description.facts.audioCodec == "ac3" && description.facts.sampleRate == 44100 && description.facts.channels == 1)
    #expect(
      description.tracks == [
        TrackFacts(kind: "video", codec: "h264", isSeen: false), TrackFacts(kind: "audio", language: "eng", codec: "aac"),
        TrackFacts(kind: "audio", language: "deu", codec: "ac3"), TrackFacts(kind: "data", codec: "timed_id3"),
      ])
  }

  @Test func `a packet without a presentation time keeps its decoding time`() {
    let line = "0, 100000000000007, 200000000126000, 2199023255552,     7771, 0x4668853c, F=0x0"
    #expect(ProbeLine(line) == .packet(stream: 0, pts: nil, dts: 126000, isKeyFrame: false, byteCount: 7771))
  }
}
