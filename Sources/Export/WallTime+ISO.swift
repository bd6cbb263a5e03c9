import Events
import WireFormats

extension WallTime {
  /// `2026-11-27T07:01:31.250Z`: UTC with milliseconds; "not known" for what no calendar has.
  var iso8601: String {
    guard epochSeconds.isFinite, abs(epochSeconds) < 1e11 else { return "not known" }
    let milliseconds = (epochSeconds * 1000).rounded(.down)
    let seconds = (milliseconds / 1000).rounded(.down)
    let civil = CivilTime(epochSeconds: Int(seconds))
    return "\(civil.date)T\(civil.time).\(NumberText.padded(Int(milliseconds - seconds * 1000), 3))Z"
  }
}
