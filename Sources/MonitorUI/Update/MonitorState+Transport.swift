import Contracts
import Events
import RunModel
import WireFormats

extension MonitorState {
  mutating func move(_ step: Transport.Step, _ run: RunState) {
    guard var transport else {
      notice = "that is for recordings"
      return
    }
    var target: RunInstant?
    var missing: String?
    switch step {
    case .speed(let places):
      transport.change(places)
      self.transport = transport
      notice = "speed \(NumberText.shortest(transport.speed))x"
      return
    case .seconds(let seconds): target = shownInstant.advanced(bySeconds: seconds)
    case .segments(let count): target = shownInstant.advanced(bySeconds: Double(count) * run.thresholds.segmentSeconds)
    case .event(let direction):
      target = Transport.next(transport.landmarks.events, direction, from: shownInstant)
      missing = direction > 0 ? "no later event" : "no earlier event"
    case .violation(let direction):
      target = Transport.next(transport.landmarks.violations, direction, from: shownInstant)
      missing = direction > 0 ? "no later violation" : "no earlier violation"
    case .turn(let direction):
      target = Transport.next(transport.landmarks.turns, direction, from: shownInstant)
      missing = direction > 0 ? "no later transition, fault or mark" : "no earlier transition, fault or mark"
    }
    guard let target else {
      notice = missing
      return
    }
    self.transport?.isPlaying = false
    freeze(at: target)
  }

  /// Time went by in front of the screen: a recording that plays goes on.
  mutating func play(_ seconds: Double) {
    guard let transport, transport.isPlaying else { return }
    let target = shownInstant.advanced(bySeconds: seconds * transport.speed)
    if target >= liveNow { self.transport?.isPlaying = false }
    freeze(at: target)
  }

  /// Plays, or rests; from the end it begins anew.
  mutating func togglePlay() {
    guard let isPlaying = transport?.isPlaying else { return }
    if !isPlaying, shownInstant >= liveNow { freeze(at: oldest) }
    transport?.isPlaying = !isPlaying
  }
}
