import Foundation

/// Processes other than this one whose command line, its words apart by NUL, holds all of these texts.
package func processes(holding texts: String...) -> [Int32] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
  return names.compactMap { Int32($0) }.filter { pid in
    guard pid != getpid(), let words = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else { return false }
    let line = String(decoding: words, as: UTF8.self)
    return texts.allSatisfy { line.contains($0) }
  }
}

/// What the kernel says of a process: a file below its folder in /proc.
package func processFile(_ pid: Int32, _ name: String) -> String? {
  FileManager.default.contents(atPath: "/proc/\(pid)/\(name)").map { String(decoding: $0, as: UTF8.self) }
}
