/// Frames that were measured, on their way to their place on the axis.
extension StreamTimeline {
  mutating func add(_ frame: FrameQueue.MeasuredFrame, of track: MediaTrack) -> [FrameQueue.PlacedFrame] {
    tracks[track]?.frames.add(frame)
    return drain(track)
  }

  mutating func drain(_ track: MediaTrack) -> [FrameQueue.PlacedFrame] {
    guard var state = tracks.removeValue(forKey: track) else { return [] }
    defer { tracks[track] = state }
    return state.frames.drain(periods: state.periods)
  }

  /// The number that a picture shows; below 0 for one that shows none.
  mutating func add(number: Int?, at pts: Double) {
    tracks[.video]?.numbers.add(FrameQueue.MeasuredFrame(pts: pts, value: number.map(Double.init) ?? -1))
  }

  mutating func drainNumbers() -> [FrameQueue.PlacedFrame] {
    guard var state = tracks.removeValue(forKey: .video) else { return [] }
    defer { tracks[.video] = state }
    return state.numbers.drain(periods: state.periods)
  }
}

extension StreamTimeline.Track {
  /// After how many seconds time stamps may begin again.
  fileprivate var periods: [Double] { unwrapper.periods.map { Double($0) * base.seconds } }
}
