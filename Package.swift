// swift-tools-version: 6.2
import PackageDescription

// CI and `make` treat warnings as errors; a plain `swift build` by a user with a newer compiler does not.
let strict: [SwiftSetting] = Context.environment["DUBWATCH_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioWebSocket: Target.Dependency = .product(name: "NIOWebSocket", package: "swift-nio")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

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
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
  ],
  targets: [
    .target(
      name: "CNcurses",
      cSettings: [.define("_GNU_SOURCE"), .define("NCURSES_WIDECHAR", to: "1")],
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo", .when(platforms: [.linux]))]),
    ours("WireFormats"),
    ours("PrometheusText"),
    ours("HarnessModel", ["WireFormats", "PrometheusText", deque]),
    ours("HarnessConfig", ["WireFormats", "HarnessModel", yams], resources: [.embedInCode("Resources")]),
    ours("ProcessGuard", ["WireFormats", subprocess]),
    ours("SocketIO", ["WireFormats", nioCore, nioPosix, nioHTTP1, nioWebSocket]),
    ours(
      "HarnessCore",
      ["WireFormats", "HarnessModel", "PrometheusText", "ProcessGuard", "SocketIO", asyncHTTPClient, deque, nioCore, nioPosix]),
    ours("EmbeddedPipeline", ["WireFormats", "HarnessModel", "SocketIO", "ProcessGuard", nioCore, nioPosix, nioHTTP1]),
    ours("TerminalCanvas", ["WireFormats"]),
    ours("TerminalNcurses", ["WireFormats", "TerminalCanvas", "CNcurses"]),
    ours("MonitorUI", ["WireFormats", "PrometheusText", "HarnessModel", "TerminalCanvas"]),
    // One run from plan to verdict: environment, scenario, judge, report; never a screen.
    ours(
      "HarnessRun",
      ["WireFormats", "PrometheusText", "HarnessModel", "HarnessConfig", "ProcessGuard", "HarnessCore", "EmbeddedPipeline"]),
    .executableTarget(
      name: "dubwatch",
      dependencies: [
        "WireFormats", "PrometheusText", "HarnessModel", "HarnessConfig", "ProcessGuard", "HarnessCore", "EmbeddedPipeline", "HarnessRun",
        "TerminalCanvas", "TerminalNcurses", "MonitorUI", argumentParser,
      ],
      swiftSettings: strict),
    probe("ParserBench", ["PrometheusText"], path: "Tests/ParserBench"),
    probe("FoldBench", ["HarnessConfig", "HarnessModel", "PrometheusText"], path: "Tests/FoldBench"),
    probe("guardprobe", ["ProcessGuard"], path: "Tests/GuardProbe"),
    probe("termprobe", ["WireFormats", "TerminalCanvas", "TerminalNcurses"], path: "Tests/TerminalProbe"),
    .target(name: "RuleSupport", dependencies: ["HarnessModel"], path: "Tests/RuleSupport", swiftSettings: strict),
    // What tests of several targets need; it knows none of ours.
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    tests("WireFormatsTests", ["WireFormats"]),
    tests("PrometheusTextTests", ["PrometheusText"]),
    tests("HarnessModelTests", ["WireFormats", "HarnessModel", "PrometheusText", "RuleSupport"]),
    tests("HarnessConfigTests", ["WireFormats", "HarnessConfig", "HarnessModel", "PrometheusText", "RuleSupport"]),
    tests("ProcessGuardTests", ["WireFormats", "ProcessGuard", "guardprobe"]),
    tests("SocketIOTests", ["WireFormats", "SocketIO", nioCore, nioPosix], exclude: ["Peers"]),
    tests(
      "HarnessCoreTests",
      ["RuleSupport", "WireFormats", "PrometheusText", "HarnessCore", "HarnessModel", "HarnessConfig", nioCore, nioPosix, nioHTTP1]),
    tests(
      "EmbeddedPipelineTests",
      ["WireFormats", "EmbeddedPipeline", "HarnessCore", "SocketIO", "HarnessModel", "ProcessGuard", nioCore, nioPosix],
      exclude: ["Peers"]),
    tests("TerminalCanvasTests", ["WireFormats", "TerminalCanvas"]),
    tests("TerminalNcursesTests", ["WireFormats", "TerminalNcurses", "TerminalCanvas", "termprobe"]),
    tests("MonitorUITests", ["WireFormats", "MonitorUI", "HarnessModel", "TerminalCanvas", "PrometheusText", "RuleSupport"]),
    tests("ComposeTests", ["dubwatch", "HarnessCore", "HarnessModel", "ProcessGuard"]),
    tests("EndToEndTests", ["dubwatch"], exclude: ["Peers"]),
  ],
  swiftLanguageModes: [.v6]
)
