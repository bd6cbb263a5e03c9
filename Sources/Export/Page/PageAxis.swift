import Events
import WireFormats

/// The one time axis of a page: from the first to the last moment of the run, 1000 units wide.
struct PageAxis {
  /// Where it begins.
  let from: RunInstant
  /// Where it ends.
  let to: RunInstant

  /// Its width, in units of the pictures.
  static let width = 1000.0

  /// How long it is, in seconds; never 0.
  var seconds: Double { max(0.001, to.seconds(since: from)) }

  /// The place of an instant, within the axis.
  func x(_ instant: RunInstant) -> Double { min(max(instant.seconds(since: from) / seconds, 0), 1) * Self.width }

  /// A number with as many places as a picture needs.
  static func number(_ value: Double) -> String { NumberText.rounded(value, 2) }

  /// Ticks: round seconds, at most ten of them.
  var ticks: [(x: Double, label: String)] {
    let steps: [Double] = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400]
    let step = steps.first { seconds / $0 <= 10 } ?? seconds / 10
    let first = (from.seconds / step).rounded(.up)
    return stride(from: first, through: to.seconds / step, by: 1).map { index in
      (x(RunInstant(seconds: index * step)), Self.time(index * step))
    }
  }

  /// `1:05`, `0:00.2`, `2:00:00`.
  static func time(_ seconds: Double) -> String {
    let sign = seconds < 0 ? "-" : ""
    let tenths = Int((min(abs(seconds), 1e12) * 10).rounded())
    let (whole, tenth) = (tenths / 10, tenths % 10)
    let clock =
      whole >= 3600
      ? "\(whole / 3600):\(NumberText.padded(whole / 60 % 60, 2)):\(NumberText.padded(whole % 60, 2))"
      : "\(whole / 60):\(NumberText.padded(whole % 60, 2))"
    return sign + clock + (tenth == 0 ? "" : ".\(tenth)")
  }
}
