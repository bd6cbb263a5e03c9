/// Where reading of a file begins when it is there at the first look. A file that appears later is read from its beginning.
package enum LogStart: Sendable, Hashable {
  /// At its beginning.
  case beginning
  /// At its end: only what is written from now on.
  case end
  /// This many bytes before its end, at the next beginning of a line.
  case last(bytes: Int)
}

extension FileTail {
  /// What one look found.
  enum Look: Equatable {
    /// No file there, or it cannot be read; why.
    case missing(String)
    /// Nothing new.
    case unchanged
    /// This much is in the buffer; whether more is there already.
    case bytes(Int, hasMore: Bool)
    /// The file begins anew; nothing read yet.
    case restarted(Restart)
  }

  /// Why a file begins anew.
  enum Restart: Equatable {
    /// It was truncated, and nobody kept a copy.
    case truncated
    /// Another one has taken its place.
    case replaced
  }
}
