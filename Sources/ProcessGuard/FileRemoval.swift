#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Removes files and directories without following links out of them.
enum FileRemoval {
  /// Removes a path and everything below it; what cannot be removed is left.
  static func remove(_ path: String) {
    // Never the root, a relative path or something that climbs: a duty names what was made for it.
    guard path.hasPrefix("/"), path.utf8.contains(where: { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ".") }),
      !path.split(separator: "/").contains("..")
    else { return }
    removeTree(path, depth: 0)
  }

  private static func removeTree(_ path: String, depth: Int) {
    if unlink(path) == 0 || errno == ENOENT { return }
    guard depth < 64 else { return }
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, let directory = opendir(path) else { return }
    var names: [String] = []
    while let item = readdir(directory) {
      let name = withUnsafePointer(to: &item.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    closedir(directory)
    for name in names { removeTree(path + "/" + name, depth: depth + 1) }
    rmdir(path)
  }
}
