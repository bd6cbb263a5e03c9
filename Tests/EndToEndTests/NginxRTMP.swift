import Foundation
import Testing

/// An nginx with its RTMP module and nothing else, in a directory of its own: it stands for MediaMTX where that cannot be had.
/// It knows the application `live/test` with any stream in it; a stream without a publisher cannot be played.
final class NginxRTMP {
  let port: Int
  private let directory: URL
  private let child: ChildProgram

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The program and its module: installed, or unpacked by `setup.sh tests`.
  private static let files: (program: String, module: String)? = {
    ["", root.appendingPathComponent(".nginx-rtmp").path].map { ("\($0)/usr/sbin/nginx", "\($0)/usr/lib/nginx/modules/ngx_rtmp_module.so") }
      .first { FileManager.default.isExecutableFile(atPath: $0.0) && FileManager.default.fileExists(atPath: $0.1) }
  }()

  /// Whether there is one; says loudly when not, and fails where it must be there.
  static func isAvailable(_ what: String) -> Bool {
    if files != nil { return true }
    let sentence = "no nginx with its RTMP module: run make setup"
    if ProcessInfo.processInfo.environment["CI"] == "true" { Issue.record("\(what): \(sentence)") }
    print("SKIP \(what): \(sentence)")
    return false
  }

  init() async throws {
    let files = try #require(Self.files)
    let port = try freePort()
    self.port = port
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("dubwatch-nginx-\(UUID().uuidString)")
    self.directory = directory
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let configuration = """
      load_module \(files.module);
      daemon off;
      master_process off;
      worker_processes 1;
      pid \(directory.path)/pid;
      error_log \(directory.path)/log info;
      events { worker_connections 64; }
      rtmp {
        access_log off;
        server {
          listen 127.0.0.1:\(port);
          chunk_size 4096;
          application live/test { live on; idle_streams off; }
        }
      }
      """
    try configuration.write(to: directory.appendingPathComponent("conf"), atomically: true, encoding: .utf8)
    child = try ChildProgram(
      files.program, ["-p", directory.path, "-c", directory.path + "/conf", "-e", directory.path + "/log"])
    _ = try await waitFor("nginx") { () -> Bool? in
      if child.status != nil { throw NotThere(what: "nginx: \(log) \(child.errors)") }
      return Self.answers(port) ? true : nil
    }
  }

  deinit {
    child.end()
    try? FileManager.default.removeItem(at: directory)
  }

  var log: String { (try? String(contentsOf: directory.appendingPathComponent("log"), encoding: .utf8)) ?? "" }

  /// The URL of a stream, to publish or to play.
  func url(_ name: String) -> String { "rtmp://127.0.0.1:\(port)/live/test/\(name)" }

  /// Waits until somebody publishes a stream.
  func waitForPublisher(_ name: String, seconds: Double = 30) async throws {
    _ = try await waitFor("a publisher of \(name); nginx says: \(log.suffix(2000))", seconds: seconds) {
      log.contains("publish: name='\(name)'") ? true : nil
    }
  }

  private static func answers(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
    }
  }
}
