import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where dubwatch's own compose files lie.
enum OwnComposeFiles {
  /// The folder of `docker-compose.yml`: below the current folder, or in the checkout that this program was built in.
  static func folder() throws(Problem) -> String {
    var candidates = ["compose"]
    // Where `make install` puts them, seen from bin.
    if let program = program(), program.hasSuffix("/bin/dubwatch") {
      candidates.append(program.dropLast("/bin/dubwatch".count) + "/share/dubwatch/compose")
    }
    if let program = program() {
      var parts = program.split(separator: "/").dropLast()
      while !parts.isEmpty, candidates.count < 8 {
        candidates.append("/" + parts.joined(separator: "/") + "/compose")
        parts = parts.dropLast()
      }
    }
    // Only what is ours: another project's folder of that name holds other files.
    let isOurs = { (folder: String) in
      access("\(folder)/docker-compose.yml", R_OK) == 0 && access("\(folder)/offline-context.sh", R_OK) == 0
    }
    guard let found = candidates.first(where: isOurs) else {
      throw Problem(
        .file,
        "dubwatch's compose files are not here: install it by `make install`, run it in its checkout, or name your own by --compose-file FILE"
      )
    }
    return found
  }

  /// The path of this program, which can be put into an image; nil where it cannot.
  static func program() -> String? {
    #if os(Linux)
      Host.executable
    #else
      nil
    #endif
  }
}
