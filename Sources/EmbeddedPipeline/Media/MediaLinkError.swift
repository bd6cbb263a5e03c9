import NIOCore
import SocketIO

/// Why a stream could not be had or was lost, in a few words.
struct MediaLinkError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  /// Any error in a few words, on one line.
  init(_ error: any Error) {
    switch error {
    case let error as MediaLinkError: self = error
    case let error as IOError: description = error.errnoCode == 111 ? "connection refused" : LogText.oneLine("\(error)")
    default:
      let text = "\(error)"
      description = LogText.oneLine(text.contains("refused") ? "connection refused" : String(text.prefix(200)))
    }
  }
}

/// How a stream ended.
enum MediaEnd: Sendable, Equatable {
  /// The other side said that there is no more.
  case finished
  /// It broke off.
  case lost(String)
}
