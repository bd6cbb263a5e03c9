import ProcessGuard
import TerminalCanvas
import TerminalNcurses

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Drives the real backend for tests on a terminal: draws known frames, reports every input in the log, and ends in every way a program can.
///
/// `termprobe [--log FILE] [--bench FRAMES] [--mouse]`, or `termprobe --svg` for a picture of every widget. Keys: `q` quit, `c` crash, `e` exit(3) without stop, `t` throw, `m` mouse, `y` copy,
/// `b` bell, `s` suspend, `w` wide characters, anything else is only reported.
@main
struct Probe {
  struct Failed: Error {}

  static func main() async {
    ProcessGuard.runGuardIfRequested()
    var options = Options()
    do {
      options = try Options(Array(CommandLine.arguments.dropFirst()))
      if options.svg { return print(FrameSVG.render(Gallery.render()), terminator: "") }
      try await run(options)
    } catch {
      let message = Array("termprobe: \(error)\n".utf8)
      _ = write(STDERR_FILENO, message, message.count)
      options.log("failed \(error)")
      exit(1)
    }
  }

  static func run(_ options: Options) async throws {
    let processGuard = ProcessGuard()
    let backend = try NcursesBackend(environment: environment(), witness: options.guarded ? processGuard.terminalWitness : nil)
    let (size, capabilities) = try await backend.start()
    options.log(
      "start \(size) kind=\(capabilities.notice ?? "as named") colors=\(capabilities.colors.rawValue) unicode=\(capabilities.unicode) mouse=\(capabilities.mouse)"
    )
    do {
      if options.mouse { await backend.setMouseCapture(true) }
      if options.bench > 0 { try await bench(backend, size, options) }
      try await loop(backend, Scene(size: size, capabilities: capabilities), options)
    } catch {
      await backend.stop()
      throw error
    }
    await backend.stop()
    options.log("stopped")
  }

  private static func loop(_ backend: NcursesBackend, _ start: Scene, _ options: Options) async throws {
    var scene = start
    try await show(scene, backend, options)
    for await input in backend.inputs {
      options.log("input \(input)")
      scene.inputs += 1
      scene.last = "\(input)"
      switch input {
      case .resize(let size), .resumed(let size): scene.size = size
      case .signal, .closed, .key(.char("q")): return
      case .key(.char("c")):
        let empty: [Int] = []
        scene.inputs = empty[scene.inputs]
      case .key(.char("e")): exit(3)
      case .key(.char("t")): throw Failed()
      case .key(.char("m")): await backend.setMouseCapture(true)
      case .key(.char("y")): await backend.copyToClipboard("copied text")
      case .key(.char("b")): await backend.bell()
      case .key(.char("s")): await backend.suspend()
      case .key(.char("w")): scene.isWide.toggle()
      default: break
      }
      try await show(scene, backend, options)
    }
  }

  private static func show(_ scene: Scene, _ backend: NcursesBackend, _ options: Options) async throws {
    let cost = try await backend.present(scene.render())
    options.log("frame \(scene.size) bytes=\(cost.bytes) writes=\(cost.writes)")
  }

  /// Frames in which every cell changes.
  private static func bench(_ backend: NcursesBackend, _ size: Size, _ options: Options) async throws {
    var frames: [FrameStatistics] = []
    for number in 0..<options.bench { frames.append(try await backend.present(Scene.noise(size, number))) }
    let still = try await backend.present(Scene.noise(size, options.bench - 1))
    let times = frames.map { Int($0.duration / .microseconds(1)) }.sorted()
    options.log(
      "bench frames=\(frames.count) median_us=\(times[times.count / 2]) max_us=\(times[times.count - 1])"
        + " writes=\(frames.map(\.writes).reduce(0, +)) most_writes=\(frames.map(\.writes).max() ?? 0)"
        + " bytes=\(frames.map(\.bytes).reduce(0, +)) still_us=\(Int(still.duration / .microseconds(1))) still_bytes=\(still.bytes)")
  }

  static func environment() -> [String: String] {
    var result: [String: String] = [:]
    for name in ["TERM", "COLORFGBG", "LC_ALL", "LC_CTYPE", "LANG"] {
      if let value = getenv(name) { result[name] = String(cString: value) }
    }
    return result
  }
}
