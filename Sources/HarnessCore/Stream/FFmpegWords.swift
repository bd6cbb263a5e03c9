import MediaSync

/// What ffmpeg's complaints mean, in plain words.
enum FFmpegWords {
  /// The first that is found in a complaint says what is so; what stands earlier says more.
  private static let meanings: [(part: String, meaning: String)] = [
    ("sample rate not set", "nothing of the audio can be decoded"),
    ("dimensions not set", "nothing of the video can be decoded"),
    ("Connection refused", "connection refused: nobody listens there"),
    ("Connection timed out", "no answer came: the connection timed out"),
    ("Failed to resolve hostname", "no machine of this name is known"),
    ("Name or service not known", "no machine of this name is known"),
    ("No route to host", "no way leads to this machine"),
    ("Network is unreachable", "the network cannot be reached"),
    ("Connection reset by peer", "the other side reset the connection"),
    ("should be 18446744073709551615", "the connection ended, and nothing says whether the stream was over"),
    ("ends prematurely", "the other side broke the connection off in the middle of the stream"),
    ("401 Unauthorized", "the server wants other credentials (401)"),
    ("403 Forbidden", "the server does not allow it (403)"),
    ("404 Not Found", "the server knows no such stream (404)"),
    ("400 Bad Request", "the server does not understand the request (400)"),
    ("Server returned 4XX", "the server refuses (4xx)"),
    ("Server returned 5XX", "the server failed (5xx)"),
    ("NetStream.Play.StreamNotFound", "the server knows no such stream"),
    ("not on whitelist", "it refers to something that is not opened from here"),
    ("Permission denied", "it may not be read: permission denied"),
    ("No such file or directory", "it is not there: No such file or directory"),
    ("moov atom not found", "the file has no index (moov): it was not written to its end"),
    ("does not contain any stream", "it holds neither video nor audio"),
    ("matches no streams", "it holds neither video nor audio"),
    ("Invalid data found", "what it holds is no media that ffmpeg can read"),
    ("Input/output error", "the connection ended"),
    ("End of file", "it ended before anything came"),
  ]

  /// A complaint in plain words; one that is not known stands in quotation marks.
  static func plain(_ complaint: String) -> String {
    meanings.first { complaint.contains($0.part) }?.meaning ?? "ffmpeg says \"\(complaint)\""
  }

  /// What a server's status means that is no success.
  static func plain(status: Int) -> String {
    switch status {
    case 400: "the server does not understand the request (400)"
    case 401: "the server wants other credentials (401)"
    case 403: "the server does not allow it (403)"
    case 404: "the server knows no such stream (404)"
    case 400..<500: "the server refuses (\(status))"
    case 500..<600: "the server failed (\(status))"
    default: "the server answers with status \(status), and no stream"
    }
  }

  /// The track of which nothing came, so that ffmpeg could not begin to print the packets of the other one either; nil for any other
  /// complaint.
  static func silentTrack(_ complaint: String) -> MediaTrack? {
    if complaint.contains("sample rate not set") { return .audio }
    return complaint.contains("dimensions not set") ? .video : nil
  }

  /// `New audio stream 0:1 at pos:86104 and DTS:8s`: the kind of a track that was not there when the reader looked, and its first decoding
  /// time in seconds, as far as it is told; nil for any other line.
  static func newTrack(_ line: String) -> (track: MediaTrack, seconds: Double?)? {
    guard line.contains("[warning] New "), line.contains(" at pos:"), let time = line.firstRange(of: " and DTS:"),
      let track = MediaTrack.allCases.first(where: { line.contains("New \($0.rawValue) stream ") })
    else { return nil }
    return (track, Double(line[time.upperBound...].prefix { $0 != "s" }))
  }
}
