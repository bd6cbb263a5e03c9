#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The files that whoever rotates a log leaves beside it.
struct RotatedFiles {
  /// One of them, held open.
  struct Found {
    var file: OpenedFile
    var name: String
    var writtenAt: Int64
    /// Whether it was compressed: its lines cannot be read.
    var isPacked: Bool
  }

  private let folder: String
  private let name: String
  /// No folder of logs has so many of one; a hostile one costs no more.
  private static let limit = 256
  private static let packings = [".gz", ".zst", ".xz", ".bz2"]
  /// How gzip, zstd, xz and bzip2 begin.
  private static let packedHeads: [[UInt8]] = [[0x1F, 0x8B], [0x28, 0xB5, 0x2F, 0xFD], [0xFD, 0x37, 0x7A, 0x58], [0x42, 0x5A, 0x68]]

  /// Those of the log at a path.
  init(of path: String) {
    let slash = path.lastIndex(of: "/")
    folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    name = slash.map { String(path[path.index(after: $0)...]) } ?? path
  }

  /// All of them, opened, the oldest first. The caller closes them.
  func open() -> [Found] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var found: [Found] = []
    while let item = readdir(directory), found.count < Self.limit {
      let other = withUnsafePointer(to: &item.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard isRotation(other), case .success(let file) = OpenedFile.open(folder + "/" + other) else { continue }
      guard let writtenAt = file.writtenAt else {
        file.close()
        continue
      }
      let head = file.head(4)
      found.append(Found(file: file, name: other, writtenAt: writtenAt, isPacked: Self.packedHeads.contains { head.starts(with: $0) }))
    }
    return found.sorted { $0.isOlder(than: $1) }
  }

  /// `log.1`, `log-20261126`, `log.2026-11-26_10.gz`, `log.old`, and where a log has an extension also `name-2026-11-26T10-00-00.log`.
  ///
  /// What merely begins alike (`log.lock`, `log-errors`) is another log.
  func isRotation(_ other: String) -> Bool {
    guard other != name else { return false }
    if other.hasPrefix(name) { return Self.isMark(other.dropFirst(name.count), isNumberEnough: true) }
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return false }
    let (stem, end) = (name[..<dot], name[dot...])
    for packing in [""] + Self.packings where other.hasPrefix(stem) && other.hasSuffix(end + packing) {
      let middle = other.dropFirst(stem.count).dropLast(end.count + packing.count)
      if Self.isMark(middle, isNumberEnough: false) { return true }
    }
    return false
  }

  /// A date or a time after `.`, `-` or `_`; where that is enough a number after `.`, or a word that tools use for the one before.
  ///
  /// `worker-2.log` beside `worker.log` is more likely the log of a second worker.
  private static func isMark(_ text: Substring, isNumberEnough: Bool) -> Bool {
    var text = text
    for packing in packings where text.hasSuffix(packing) { text = text.dropLast(packing.count) }
    guard let first = text.first, ".-_".contains(first) else { return false }
    if isNumberEnough, ["old", "bak", "prev", "previous"].contains(text.dropFirst()) { return true }
    let digits = text.count { $0.isASCII && $0.isNumber }
    guard digits >= 8 || (isNumberEnough && first == "." && digits > 0) else { return false }
    return text.allSatisfy { ($0.isASCII && $0.isNumber) || ".-_+:TZ".contains($0) }
  }
}

extension RotatedFiles.Found {
  /// By the time of the last byte. Two of the same moment by their number: the higher one was renamed more often.
  func isOlder(than other: RotatedFiles.Found) -> Bool {
    if writtenAt != other.writtenAt { return writtenAt < other.writtenAt }
    if let number, let theirs = other.number { return number > theirs }
    return name < other.name
  }

  /// The number it ends with, where that counts rotations and is no date.
  private var number: Int? {
    let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }
    return digits.count <= 3 ? Int(String(digits.reversed())) : nil
  }
}
