import Foundation
import TestSupport
import Testing

/// An nginx with its RTMP module and nothing else, in a directory of its own: it stands for MediaMTX where that cannot be had.
/// It knows the application `live/test` with any stream in it; a stream without a publisher cannot be played.
final class NginxRTMP {
  let port: Int
  private let directory: Scratch
  private let child: ChildProgram

  /// The program and its module: installed, or unpacked by `setup.sh tests`.
  private static let files: (program: String, module: String)? = {
    ["", Checkout.path(".nginx-rtmp")].map { ("\($0)/usr/sbin/nginx", "\($0)/usr/lib/nginx/modules/ngx_rtmp_module.so") }
      .first { FileManager.default.isExecutableFile(atPath: $0.0) && FileManager.default.fileExists(atPath: $0.1) }
  }()

  /// Whether there is one; says loudly when not, and fails where it must be there.
  static func isAvailable(_ what: String) -> Bool {
    if files != nil { return true }
    skip(what, "no nginx with its RTMP module: run make setup")
    return false
  }

  init() async throws {
    let files = try #require(Self.files)
    let port = try Loopback.freePort()
    self.port = port
    let directory = try Scratch("dubwatch-nginx")
    self.directory = directory
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
    try directory.write("conf", configuration)
    child = try ChildProgram(
      files.program, ["-p", directory.path, "-c", directory.path + "/conf", "-e", directory.path + "/log"])
    _ = try await waitFor("nginx") { () -> Bool? in
      if child.status != nil { throw NotThere(what: "nginx: \(log) \(child.errors)") }
      return Loopback.answers(port) ? true : nil
    }
  }

  deinit { child.end() }

  var log: String { directory.text("log") ?? "" }

  /// The URL of a stream, to publish or to play.
  func url(_ name: String) -> String { "rtmp://127.0.0.1:\(port)/live/test/\(name)" }

  /// Waits until somebody publishes a stream.
  func waitForPublisher(_ name: String, seconds: Double = 30) async throws {
    _ = try await waitFor("a publisher of \(name); nginx says: \(log.suffix(2000))", within: seconds) {
      log.contains("publish: name='\(name)'") ? true : nil
    }
  }
}
