import Events
import RunModel
import TerminalCanvas

/// Every loss with its lanes, one below the other: whoever looks for a flaky link compares them.
extension ReconnectionPane {
  /// One line of the list.
  private enum Row {
    case attempt(ReconnectionTrack.Episode, Int)
    case sum(ReconnectionTrack.Episode, Int)
  }

  static func losses(_ p: inout Painter, _ rect: Rect) {
    let scene = p.scene
    let episodes = scene.run.reconnection.episodes
    let first = episodes.total - episodes.count + 1
    let rows = episodes.enumerated().flatMap { index, episode in
      episode.attempts.indices.map { Row.attempt(episode, $0) } + [Row.sum(episode, first + index)]
    }
    let shown = rows.suffix(rect.height)
    for (row, content) in shown.enumerated() {
      switch content {
      case .attempt(let episode, let index):
        let from = index == 0 ? episode.lostAt : episode.attempts[index - 1].at
        attempt(&p, rect, row, episode.attempts[index], from: from, (episode.lostAt.seconds, axisEnd(episode, nil, scene)))
      case .sum(let episode, let number):
        let words = summary(episode, scene, width: rect.width, number: number)
        p.line(rect, row, words.left, right: words.right)
      }
      let at: RunInstant =
        switch content {
        case .attempt(let episode, let index): episode.attempts[index].at
        case .sum(let episode, _): episode.lostAt
        }
      p.hits.append(HitRegion(rect: rect.row(row), meaning: .axisMoment(.reconnection, at)))
    }
    let hidden = rows.dropLast(shown.count).count { if case .sum = $0 { true } else { false } }
    p.more(rect, 0, hidden, word: hidden == 1 ? "loss before" : "losses before")
  }
}
