import Contracts
import Events
import TestSupport
import Testing

@testable import HarnessConfig

@Suite struct WatchConfigurationTests {
  /// Whoever reads a file says which commands there are.
  private static let commands = ["quit", "help", "pause", "next-stream"]
  private static let sources = [
    SourceField("health", .endpoints(only: nil)), SourceField("metrics", .endpoints(only: .mediaService)),
    SourceField("media_server", .endpoints(only: .mediaServer)), SourceField("logs", .files), SourceField("logs_command", .commands),
    SourceField("streams", .streams),
  ]

  @Test func `the fixture`() throws {
    let folder = Checkout.fixture("contracts/")
    let read = try WatchConfigurationLoader.load(folder + "watch.yaml", commands: Self.commands, sources: Self.sources)
    var expected = WatchConfiguration()
    expected.contract = folder + "extends.yaml"
    expected.sources["health"] = [
      WatchConfiguration.Source(service: "echo-sts", text: "https://sts.example/health", credential: .bearer(.environment("STS_TOKEN"))),
      WatchConfiguration.Source(service: "media-service", text: "http://localhost:8080/health"),
    ]
    expected.sources["metrics"] = [WatchConfiguration.Source(service: "media-service", text: "http://localhost:8080/metrics")]
    expected.sources["logs"] = [
      WatchConfiguration.Source(service: "media-service", text: folder + "worker.log"),
      WatchConfiguration.Source(service: "media-service", text: "/var/log/worker.log"),
    ]
    expected.sources["media_server"] = read.sources["media_server"]
    expected.sources["logs_command"] = [WatchConfiguration.Source(service: "echo-sts", text: "docker logs -f echo-sts")]
    expected.intervals = ["health": 2, "metrics": 0.5]
    expected.timeouts = ["media_server": 3]
    expected.theme = .light
    expected.keys = ["quit": ["q", "x"], "pause": ["space"]]
    #expect(read == expected)
  }

  @Test func `streams are URLs or files`() throws {
    let read = try WatchConfigurationLoader.parse(
      yaml: "streams:\n  live/test/out: rtmp://localhost/live/test/out\n  film: a.ts\n", file: "conf/watch.yaml", commands: [],
      sources: Self.sources)
    #expect(
      read.sources["streams"] == [
        WatchConfiguration.Source(service: "film", text: "conf/a.ts"),
        WatchConfiguration.Source(service: "live/test/out", text: "rtmp://localhost/live/test/out"),
      ])
  }

  @Test func `how the screen begins and how long recordings are kept`() throws {
    let read = try WatchConfigurationLoader.parse(
      yaml: "preset: sync\nretention: {days: 14, count: 20, mib: 512}\n", file: "w.yaml", commands: [], sources: Self.sources)
    #expect(read.preset == .sync)
    #expect(read.retention == WatchConfiguration.Keeping(days: 14, count: 20, mib: 512))
  }

  @Test(arguments: [
    ("rtmp://user:hunter2@h/x", "must not hold a user or a password"), ("ftp://h/x", "must begin with rtmp://, rtsp:// or http://"),
  ])
  func `streams that cannot be read`(url: String, says: String) {
    do {
      _ = try WatchConfigurationLoader.parse(yaml: "streams:\n  x: \(url)\n", file: "watch.yaml", commands: [], sources: Self.sources)
      Issue.record("\(url) was taken")
    } catch {
      #expect("\(error)".contains(says) && !"\(error)".contains("hunter2"))
    }
  }

  @Test func `a single media server may have credentials`() throws {
    let read = try WatchConfigurationLoader.load(Checkout.fixture("contracts/watch.yaml"), commands: Self.commands, sources: Self.sources)
    #expect(
      read.sources["media_server"] == [
        WatchConfiguration.Source(
          service: "mediamtx", text: "http://localhost:9997",
          credential: .basic(user: "admin", password: .file(Checkout.fixture("contracts/secret.txt"))))
      ])
  }

  @Test(arguments: [
    ("helth: {a: \"http://a\"}\n", "w.yaml:1: helth: unknown field \"helth\"; did you mean \"health\"?"),
    ("health: http://a\n", "w.yaml:1: health: must be fields with values, but is a single value"),
    ("health: {a: nonsense}\n", "w.yaml:1: health.a: must be a URL that begins with http:// or https://, but is \"nonsense\""),
    (
      "health:\n  a: http://bob:s3cret@host/\n",
      "w.yaml:2: health.a: must not hold a user or a password; give them beside the URL as user and password_env or password_file"
    ),
    (
      "health: {a: {user: bob}}\n",
      "w.yaml:1: health.a.url: is missing\nw.yaml:1: health.a: has a user, but neither password_env nor password_file"
    ),
    ("health: {a: {url: \"http://a\", password_env: P}}\n", "w.yaml:1: health.a: has a password, but no user"),
    (
      "health: {a: {url: \"http://a\", bearer_env: \"abc.def-ghi\"}}\n",
      "w.yaml:1: health.a.bearer_env: must be the name of an environment variable, not the secret itself"
    ),
    (
      "health: {a: {url: \"http://a\", password: x}}\n",
      "w.yaml:1: health.a.password: unknown field \"password\"; did you mean \"password_env\"?"
    ),
    ("intervals: {health: 0}\n", "w.yaml:1: intervals.health: must be 0.1 to 3600 seconds, but is 0"),
    ("timeouts: {metrics: soon}\n", "w.yaml:1: timeouts.metrics: must be a number, but is \"soon\""),
    ("theme: drak\n", "w.yaml:1: theme: unknown word \"drak\"; did you mean \"dark\"?"),
    ("preset: triag\n", "w.yaml:1: preset: unknown word \"triag\"; did you mean \"triage\"?"),
    ("retention: {days: -1}\n", "w.yaml:1: retention.days: must be 0 to 36500, but is -1"),
    ("retention: {count: 1.5}\n", "w.yaml:1: retention.count: must be a whole number, but is \"1.5\""),
    ("retention: {cuont: 1}\n", "w.yaml:1: retention.cuont: unknown field \"cuont\"; did you mean \"count\"?"),
    ("keys: {quitt: q}\n", "w.yaml:1: keys.quitt: unknown field \"quitt\"; did you mean \"quit\"?"),
    ("keys: {next-strem: x}\n", "w.yaml:1: keys.next-strem: unknown field \"next-strem\"; did you mean \"next-stream\"?"),
    ("keys: {quit: q, help: q}\n", "w.yaml:1: keys.quit: the key \"q\" is taken by help"),
    ("logs: {a: {b: c}}\n", "w.yaml:1: logs.a: must be a text, but is fields with values"),
    (
      "log_time_zone: X\n",
      "w.yaml:1: log_time_zone: \"X\" is no time zone; write host, UTC, an offset such as +02:00, or a name such as Europe/Berlin"
    ),
  ])
  func `a mistake is one sentence with its place`(yaml: String, sentence: String) {
    let error = #expect(throws: ConfigurationError.self) {
      try WatchConfigurationLoader.parse(yaml: yaml, file: "w.yaml", commands: Self.commands, sources: Self.sources)
    }
    #expect(error?.description == sentence)
  }

  @Test(arguments: ["http://a", "https://a:1/x?y#z", "http://[::1]:8080/", "http://a.b-c:65535"])
  func `good addresses`(url: String) { #expect(WebAddress.problem(url) == nil) }

  @Test(arguments: [
    "", "a", "http://", "http://a:0", "http://a:x", "http://a b/", "http://[::1", "http://[::1]x", "rtsp://a/", "http://:80/",
    "http://a\u{1b}/",
  ])
  func `bad addresses`(url: String) { #expect(WebAddress.problem(url) != nil) }

  @Test func `services of a compose project are mapped by name or in full`() throws {
    let text = """
      services:
        mediamtx: my-mtx
        media-service: {service: worker, port: 9100, health: /healthz, metrics: /m}
      """
    let configuration = try WatchConfigurationLoader.parse(yaml: text, file: "watch.yaml", commands: [], sources: Self.sources)
    #expect(
      configuration.services == [
        "mediamtx": .init(service: "my-mtx"), "media-service": .init(service: "worker", port: 9100, health: "/healthz", metrics: "/m"),
      ])
  }

  @Test(arguments: [
    ("services: {mediamxt: x}", "mediamtx"), ("services: [a]", "fields with values"), ("services: {echo-sts: {port: 70000}}", "65535"),
    ("services: {echo-sts: a, media-service: a}", "already"), ("services: {echo-sts: {health: x}}", "begins with /"),
    ("services: {echo-sts: {healt: /x}}", "health"),
  ])
  func `a mapping that cannot be meant is refused`(yaml: String, says: String) {
    let error = #expect(throws: ConfigurationError.self) {
      try WatchConfigurationLoader.parse(yaml: yaml, file: "watch.yaml", commands: [], sources: Self.sources)
    }
    #expect(error?.description.contains(says) == true && error?.description.contains("watch.yaml:1") == true)
  }
}
