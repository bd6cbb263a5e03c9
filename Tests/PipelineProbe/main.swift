import EmbeddedPipeline
import HarnessModel

#if canImport(Glibc)
  import Glibc
#endif

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Runs one service or a demo by hand: `pipelineprobe echo-sts | media-service | demo NAME [SPEED]`.
struct PrintingSink: EventSink {
  let clock: any RunClock
  func emit(_ event: RunEvent, from source: SourceID) async {
    if case .happening(let happening) = event { print("\(clock.now().seconds) \(happening.service) \(happening.kind)") }
  }
}

let words = CommandLine.arguments.dropFirst()
let environment = ProcessInfo.processInfo.environment
let started = WallTime(epochSeconds: Date().timeIntervalSince1970)
do {
  switch words.first {
  case "echo-sts":
    var configuration = try EchoSTSConfiguration(environment: environment)
    configuration.isControlEnabled = true
    let service = EchoSTSService(configuration: configuration, clock: ScaledClock(wallOrigin: started), log: .standardOutput)
    print("port \(try await service.start())")
    exit(await service.waitUntilExit()?.status ?? 0)
  case "media-service":
    let configuration = try MediaServiceConfiguration(environment: environment)
    let service = MediaServiceWorker(configuration: configuration, clock: ScaledClock(wallOrigin: started), log: .standardOutput)
    print("port \(try await service.start())")
    exit(await service.waitUntilExit()?.status ?? 0)
  case "demo":
    guard let name = words.dropFirst().first, let script = DemoScript.named(name) else {
      print("demo NAME: \(DemoScript.all.map(\.name).joined(separator: ", "))")
      exit(2)
    }
    let clock = ScaledClock(speed: words.dropFirst(2).first.flatMap { Double($0) } ?? 1, wallOrigin: started)
    let pipeline = EmbeddedPipeline(configuration: script.configuration, clock: clock, sink: PrintingSink(clock: clock))
    let endpoints = try await pipeline.start()
    print(endpoints)
    await pipeline.play(script)
    for log in endpoints.logs { print(log.service, (try? String(contentsOfFile: log.location, encoding: .utf8)) ?? "") }
    await pipeline.stop()
  default: print("pipelineprobe echo-sts | media-service | demo NAME [SPEED]")
  }
} catch {
  print("\(error)")
  exit(1)
}
