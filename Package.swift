// swift-tools-version: 6.2
import PackageDescription

// CI and `make` treat warnings as errors; a plain `swift build` by a user with a newer compiler does not.
let strict: [SwiftSetting] =
  [.enableUpcomingFeature("MemberImportVisibility")]
  + (Context.environment["DUBWATCH_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)])

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioWebSocket: Target.Dependency = .product(name: "NIOWebSocket", package: "swift-nio")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")

func ours(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies + ["TestSupport"], exclude: exclude, swiftSettings: strict)
}

/// A small program that only tests and benches run.
func probe(_ name: String, _ dependencies: [Target.Dependency], path: String) -> Target {
  .executableTarget(name: name, dependencies: dependencies, path: path, swiftSettings: strict)
}

let package = Package(
  name: "dubwatch",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "dubwatch", targets: ["dubwatch"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
  ],
  targets: [
    .target(
      name: "CNcurses",
      cSettings: [.define("_GNU_SOURCE"), .define("NCURSES_WIDECHAR", to: "1")],
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo", .when(platforms: [.linux]))]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CYaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
    ours("WireFormats"),
    ours("PrometheusText"),
    ours("MCAP", ["CZstd", "CZlib"]),
    ours("Statistics"),
    ours("SpeechProtocol", ["WireFormats"]),
    ours("MediaSync", ["WireFormats"]),
    ours("TransportStream", ["WireFormats", "MediaSync"]),
    ours("Events", ["WireFormats", "PrometheusText", "SpeechProtocol", "MediaSync"]),
    ours("Contracts", ["WireFormats", "PrometheusText", "SpeechProtocol", "Events"]),
    // Many workers behind an engine: its answers, what it is asked, and the table that comes of it.
    ours("Fleet", ["WireFormats", "PrometheusText", "Events", "Contracts"]),
    ours("RunModel", ["WireFormats", "PrometheusText", "SpeechProtocol", "MediaSync", "Events", "Contracts", deque]),
    ours("Judging", ["WireFormats", "PrometheusText", "SpeechProtocol", "MediaSync", "Events", "Contracts", "RunModel"]),
    ours("Recording", ["WireFormats", "PrometheusText", "MediaSync", "Events", "Contracts", "RunModel", "Judging", "MCAP"]),
    // Several recordings: how often a scenario fails, and what differs between a bad run and good ones.
    ours(
      "Triage",
      ["WireFormats", "PrometheusText", "MediaSync", "Events", "Contracts", "RunModel", "Statistics", "MCAP", "Recording"]),
    ours(
      "HarnessConfig", ["WireFormats", "SpeechProtocol", "Events", "Contracts", "RunModel", "Judging", "CYaml"],
      resources: [.embedInCode("Resources")]),
    ours("ProcessGuard", ["WireFormats", subprocess]),
    ours("SocketIO", ["WireFormats", nioCore, nioHTTP1, nioPosix, nioWebSocket]),
    ours(
      "HarnessCore",
      [
        "WireFormats", "PrometheusText", "SpeechProtocol", "MediaSync", "TransportStream", "Events", "Contracts", "Fleet", "RunModel",
        "Judging", "ProcessGuard", "SocketIO", "CCurl", "CZlib", deque, nioCore, nioPosix,
      ]),
    ours(
      "EmbeddedPipeline",
      [
        "WireFormats", "SpeechProtocol", "MediaSync", "TransportStream", "Events", "RunModel", "Judging", "ProcessGuard", "SocketIO",
        nioCore, nioHTTP1, nioPosix,
      ]),
    ours("TerminalCanvas", ["WireFormats"]),
    ours("TerminalNcurses", ["WireFormats", "TerminalCanvas", "CNcurses"]),
    ours(
      "MonitorUI",
      [
        "WireFormats", "PrometheusText", "SpeechProtocol", "MediaSync", "Events", "Contracts", "Fleet", "RunModel", "TerminalCanvas",
      ]),
    // Pages is a link to the catalog, whose own name would make SwiftPM take it for one opaque file.
    ours(
      "Manual", ["WireFormats", "Events", "Contracts", "Judging", "HarnessConfig", "MonitorUI"], resources: [.embedInCode("Pages")]),
    // One run from plan to verdict: environment, scenario, judge, report; never a screen.
    ours(
      "HarnessRun",
      [
        "WireFormats", "PrometheusText", "MediaSync", "Events", "Contracts", "Fleet", "RunModel", "Judging", "HarnessConfig",
        "ProcessGuard", "HarnessCore", "EmbeddedPipeline", "MCAP", "Recording", "Triage",
      ]),
    // Recordings in the formats of other programs.
    ours(
      "Export",
      [
        "WireFormats", "PrometheusText", "SpeechProtocol", "MediaSync", "Events", "Contracts", "RunModel", "Judging", "MCAP", "Recording",
        "HarnessCore",
        "TerminalCanvas", "MonitorUI",
      ], resources: [.embedInCode("Resources")]),
    // A run on the screen or as lines: live, recorded, or one frame of it.
    ours(
      "RunScreen",
      [
        "WireFormats", "Events", "Fleet", "RunModel", "ProcessGuard", "HarnessCore", "Recording", "HarnessRun", "TerminalCanvas",
        "TerminalNcurses", "MonitorUI",
      ]),
    // What the program says of its own command line, and what words of it mean: mistakes, examples, pages, the settings in force.
    ours(
      "CommandText",
      [
        "WireFormats", "PrometheusText", "Events", "HarnessConfig", "Recording", "Export", "HarnessCore", "EmbeddedPipeline",
        "HarnessRun", "TerminalCanvas", "MonitorUI", "Manual", argumentParser,
      ]),
    .executableTarget(
      name: "dubwatch",
      dependencies: [
        "WireFormats", "PrometheusText", "Events", "Contracts", "Fleet", "RunModel", "Judging", "HarnessConfig", "ProcessGuard",
        "HarnessCore", "EmbeddedPipeline", "MCAP", "Recording", "Triage", "Export", "HarnessRun", "TerminalCanvas", "MonitorUI",
        "RunScreen", "Manual", "CommandText", argumentParser,
      ], swiftSettings: strict),
    // Small programs that only tests and benches run.
    probe("ParserBench", ["PrometheusText"], path: "Tests/ParserBench"),
    probe("FoldBench", ["PrometheusText", "Events", "Contracts", "RunModel", "Judging", "HarnessConfig"], path: "Tests/FoldBench"),
    probe(
      "RecordingBench", ["PrometheusText", "Events", "Contracts", "RunModel", "HarnessConfig", "MCAP", "Recording"],
      path: "Tests/RecordingBench"),
    probe("guardprobe", ["ProcessGuard"], path: "Tests/GuardProbe"),
    probe("termprobe", ["WireFormats", "TerminalCanvas", "TerminalNcurses", "ProcessGuard"], path: "Tests/TerminalProbe"),
    probe("manualprinter", ["Manual"], path: "Tests/ManualPrinter"),
    // What tests of several targets need; it knows none of ours.
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    .target(name: "CanvasSupport", dependencies: ["TerminalCanvas"], path: "Tests/CanvasSupport", swiftSettings: strict),
    .target(name: "RuleSupport", dependencies: ["Events", "RunModel", "Judging"], path: "Tests/RuleSupport", swiftSettings: strict),
    tests("WireFormatsTests", ["WireFormats"]),
    tests("MCAPTests", ["MCAP"], exclude: ["Peers"]),
    tests("StatisticsTests", ["Statistics"], exclude: ["Peers"]),
    tests(
      "RecordingTests",
      [
        "WireFormats", "PrometheusText", "MediaSync", "Events", "Contracts", "RunModel", "Judging", "MCAP", "Recording", "HarnessConfig",
        "RuleSupport",
      ]),
    tests("TriageTests", ["WireFormats", "Events", "Contracts", "RunModel", "Statistics", "MCAP", "Recording", "Triage"]),
    tests(
      "ExportTests",
      ["WireFormats", "Events", "RunModel", "PrometheusText", "MCAP", "Recording", "TerminalCanvas", "MonitorUI", "Export"],
      exclude: ["Peers"]),
    tests("FleetTests", ["WireFormats", "Events", "Contracts", "HarnessConfig", "Fleet"]),
    tests("PrometheusTextTests", ["PrometheusText"]),
    tests(
      "ModelTests",
      ["WireFormats", "PrometheusText", "SpeechProtocol", "MediaSync", "Events", "Contracts", "RunModel", "Judging", "RuleSupport"]),
    tests(
      "HarnessConfigTests",
      ["WireFormats", "PrometheusText", "SpeechProtocol", "Events", "Contracts", "RunModel", "Judging", "HarnessConfig", "RuleSupport"]),
    tests(
      "EvidenceTests",
      [
        "WireFormats", "Events", "Contracts", "HarnessConfig", "HarnessCore", "Judging", "MCAP", "MediaSync", "PrometheusText", "Recording",
        "RunModel",
        "RuleSupport",
      ]),
    tests("ProcessGuardTests", ["WireFormats", "ProcessGuard", "guardprobe"]),
    tests("SocketIOTests", ["WireFormats", "SocketIO", nioCore, nioHTTP1, nioPosix], exclude: ["Peers"]),
    tests("TransportStreamTests", ["WireFormats", "MediaSync", "TransportStream"]),
    tests(
      "HarnessCoreTests",
      [
        "WireFormats", "PrometheusText", "MediaSync", "TransportStream", "Events", "Contracts", "RunModel", "Judging", "ProcessGuard",
        "HarnessCore", "Fleet", "RuleSupport", nioCore, nioPosix,
      ]),
    tests(
      "EmbeddedPipelineTests",
      [
        "WireFormats", "SpeechProtocol", "MediaSync", "TransportStream", "Events", "RunModel", "ProcessGuard", "SocketIO", "HarnessCore",
        "EmbeddedPipeline", nioCore, nioPosix,
      ], exclude: ["Peers"]),
    tests(
      "HarnessRunTests",
      ["WireFormats", "MediaSync", "Events", "Contracts", "RunModel", "Recording", "Triage", "ProcessGuard", "HarnessCore", "HarnessRun"]),
    tests("TerminalCanvasTests", ["WireFormats", "TerminalCanvas", "CanvasSupport"]),
    tests("TerminalNcursesTests", ["WireFormats", "TerminalCanvas", "TerminalNcurses", "termprobe"]),
    tests(
      "MonitorUITests",
      [
        "WireFormats", "PrometheusText", "SpeechProtocol", "MediaSync", "Events", "Contracts", "Fleet", "HarnessConfig", "RunModel",
        "Judging", "MCAP", "Recording", "TerminalCanvas", "MonitorUI", "RuleSupport", "CanvasSupport",
      ]),
    tests(
      "ManualTests",
      ["WireFormats", "HarnessConfig", "HarnessCore", "HarnessRun", "MonitorUI", "Manual", "CommandText", "dubwatch", argumentParser]),
    tests("ComposeTests", ["Events", "RunModel", "ProcessGuard", "HarnessCore", "dubwatch"]),
    tests("EndToEndTests", ["dubwatch"], exclude: ["Peers"]),
  ],
  swiftLanguageModes: [.v6]
)
