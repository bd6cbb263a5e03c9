import WireFormats

/// What an engine or compose complains about, in words that name the thing and what to do about it.
enum EngineComplaint {
  /// A complaint in plain words; nil for one that is not known, which is shown as it is.
  /// - Parameters:
  ///   - text: a line of `docker compose`, or the error of a container.
  ///   - file: the compose file, for the sentence.
  static func words(_ text: String, file: String) -> String? {
    let found = rows.lazy.compactMap { row -> String? in
      guard row.marks.contains(where: { text.contains($0) }) else { return nil }
      return row.words(text, file)
    }
    return found.first
  }

  private struct Row: Sendable {
    /// One of these is in the complaint (messages of Docker 20 to 28 and compose 2).
    let marks: [String]
    let words: @Sendable (_ text: String, _ file: String) -> String?
  }

  private static let rows: [Row] = [
    Row(marks: ["port is already allocated", "address already in use"]) { text, file in
      let port =
        between(text, "Bind for ", " failed") ?? between(text, "listen tcp ", ":  bind") ?? between(text, "listen tcp4 ", ": bind")
        ?? between(text, "listen tcp ", ": bind")
      return
        "\(port.map { "the port \($0)" } ?? "a port that it publishes") is in use on this machine: end what uses it, or publish another in "
        + "\(file), 0 for any that is free"
    },
    Row(marks: ["pull access denied for ", "repository does not exist"]) { text, file in
      between(text, "pull access denied for ", ",").map { missing($0, file) }
    },
    Row(marks: ["manifest for "]) { text, file in between(text, "manifest for ", " not found").map { missing($0, file) } },
    Row(marks: ["No such image: "]) { text, file in after(text, "No such image: ").map { missing($0, file) } },
    Row(marks: ["(root) Additional property ", "additional properties '"]) { text, file in
      let name = between(text, "Additional property ", " is not allowed") ?? between(text, "additional properties '", "'")
      return name.map { "\(file) has \"\($0)\" outside of `services:`: put the services below that key, as compose files of today have it" }
    },
    Row(marks: ["no configuration file provided", "no such file or directory"]) { text, file in
      text.contains("no configuration file provided") || text.contains(file) ? "there is no file \(file)" : nil
    },
  ]

  private static func missing(_ image: String, _ file: String) -> String {
    "the image \(image) is not on the engine and cannot be pulled: build it, log in to its registry, or name another one in \(file)"
  }

  private static func between(_ text: String, _ start: String, _ end: String) -> String? {
    guard let rest = after(text, start, upToBlank: false) else { return nil }
    let pieces = rest.split(separator: end, maxSplits: 1, omittingEmptySubsequences: false)
    return pieces.count == 2 && !pieces[0].isEmpty ? String(pieces[0]) : nil
  }

  private static func after(_ text: String, _ start: String, upToBlank: Bool = true) -> String? {
    let pieces = text.split(separator: start, maxSplits: 1, omittingEmptySubsequences: false)
    guard pieces.count == 2 else { return nil }
    let rest = upToBlank ? pieces[1].prefix { !$0.isWhitespace } : pieces[1]
    return rest.isEmpty ? nil : String(rest)
  }
}
