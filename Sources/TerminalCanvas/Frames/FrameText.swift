/// Frames as text, for files and logs.
package enum FrameText {
  /// The rows of a canvas, each with its trailing blanks removed and a line feed at its end.
  package static func render(_ canvas: Canvas) -> String {
    canvas.rows().map { row in
      var scalars = row.unicodeScalars
      while scalars.last == " " { scalars.removeLast() }
      return String(scalars) + "\n"
    }.joined()
  }
}
