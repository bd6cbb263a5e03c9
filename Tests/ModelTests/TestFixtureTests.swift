import Events
import Testing
import WireFormats

@Suite struct TestFixtureTests {
  private static let good = TestFixture.Facts(
    durationSeconds: 60, videoCodec: "h264", width: 1280, height: 720, framesPerSecond: 30, audioCodec: "aac", sampleRate: 48000,
    channels: 2, byteCount: 3_900_000, videoSeconds: 60, audioSeconds: 59.989)

  private static func changed(_ change: (inout TestFixture.Facts) -> Void) -> TestFixture.Facts {
    var facts = good
    change(&facts)
    return facts
  }

  @Test func `a good fixture keeps every rule`() {
    let fixture = TestFixture(path: "/a/b.mp4", facts: Self.good)
    #expect(fixture.violations().isEmpty)
    #expect(fixture.checks().count == 11)
    #expect(fixture.expectedSegments() == 10)
  }

  @Test(arguments: [
    (changed { $0.durationSeconds = 59.8 }, ["duration"]), (changed { $0.durationSeconds = 60.1 }, []),
    (changed { $0.durationSeconds = .nan }, ["duration"]),
    (changed { $0.videoCodec = "hevc" }, ["video codec"]),
    (
      changed {
        $0.videoCodec = nil; $0.width = 0; $0.height = 0; $0.framesPerSecond = 0; $0.videoSeconds = nil
      },
      ["streams", "video codec", "resolution", "frame rate", "track lengths"]
    ),
    (
      changed {
        $0.audioCodec = nil; $0.sampleRate = 0; $0.channels = 0; $0.audioSeconds = nil
      },
      ["streams", "audio codec", "sample rate", "channels", "track lengths"]
    ),
    (changed { $0.width = 1920 }, ["resolution"]), (changed { $0.height = 721 }, ["resolution"]),
    (changed { $0.framesPerSecond = 25 }, ["frame rate"]), (changed { $0.framesPerSecond = 29.97 }, ["frame rate"]),
    (changed { $0.audioCodec = "opus" }, ["audio codec"]), (changed { $0.sampleRate = 44100 }, ["sample rate"]),
    (changed { $0.channels = 1 }, ["channels"]), (changed { $0.byteCount = 50_000_000 }, ["size"]),
    (changed { $0.byteCount = 49_999_999 }, []),
    (changed { $0.audioSeconds = 60.0213 }, []), (changed { $0.audioSeconds = 59.9788 }, []),
    (changed { $0.audioSeconds = 60.0224 }, ["track lengths"]), (changed { $0.audioSeconds = 59.9776 }, ["track lengths"]),
  ])
  func `broken rules are named`(facts: TestFixture.Facts, fields: [String]) {
    #expect(TestFixture(path: "/a/b.mp4", facts: facts).violations().map(\.field) == fields)
  }

  @Test func `a relative path is named`() {
    let broken = TestFixture(path: "b.mp4", facts: Self.good).violations()
    #expect(broken.map(\.description) == ["path: must be absolute, but is b.mp4"])
  }

  @Test(arguments: [(60.0, 10), (59.95, 10), (59.8, 9), (6, 1), (5.5, 0), (0, 0), (-3, 0), (.infinity, 0), (.nan, 0)])
  func `segments are whole ones`(duration: Double, segments: Int) {
    #expect(TestFixture(path: "/a", facts: Self.changed { $0.durationSeconds = duration }).expectedSegments() == segments)
  }
}
