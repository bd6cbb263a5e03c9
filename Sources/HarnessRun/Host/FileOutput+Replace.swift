import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension FileOutput {
  /// Whether a file could be made in the folder of that path.
  static func checkWritable(_ path: String) throws(Problem) {
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { throw Problem(.output, "\(path): is a folder") }
    guard access(folder, W_OK | X_OK) == 0 else { throw Problem(.output, "\(folder): \(String(cString: strerror(errno)))") }
  }

  /// Writes a file beside its place and moves it there; what is no plain file (a pipe, /dev/stdout) is written as it is.
  package static func replace(_ path: String, with text: String) throws(Problem) {
    var status = stat()
    let isPlain = stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
    guard isPlain else { return try write(text, to: path, flags: O_WRONLY) }
    let draft = "\(path).\(getpid()).tmp"
    do throws(Problem) { try write(text, to: draft, flags: O_WRONLY | O_CREAT | O_TRUNC, called: path) } catch {
      unlink(draft)
      throw error
    }
    guard rename(draft, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(draft)
      throw Problem(.output, "\(path): \(reason)")
    }
  }
}
