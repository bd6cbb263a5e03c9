/// What a terminal may be taken for where this system's terminfo database does not have it, as over ssh and in containers.
enum TerminalKind {
  /// The common ground of the terminals that descend from xterm.
  static let xterm = ["xterm-256color", "xterm"]

  /// Beginnings of terminal types, and what they may be taken for, best first. Debian 12 lacks the entries of most of them.
  static let known: [(prefix: String, others: [String])] = [
    ("alacritty", xterm), ("contour", xterm), ("foot", xterm), ("ghostty", xterm), ("gnome", xterm), ("iterm", xterm), ("kitty", xterm),
    ("konsole", xterm), ("mintty", xterm), ("ms-terminal", xterm), ("putty", xterm), ("rio", xterm), ("rxvt", xterm), ("st-", xterm),
    ("vte", xterm), ("wezterm", xterm), ("xterm", xterm),
    ("tmux", ["tmux-256color", "screen-256color", "screen"]), ("screen", ["screen-256color", "screen"]),
  ]

  /// What a type may be taken for by its name; none where the name says nothing.
  static func others(of name: String) -> [String] {
    known.first { name.lowercased().hasPrefix($0.prefix) }?.others ?? []
  }
}
