import Events

/// How far a run has come, and what of its story plays.
extension RunState {
  /// How long the run goes on, or went on, in seconds: since its environment was there. Waiting for it is no part of the run; where nobody
  /// tells of an environment, and until it is there, since dubwatch began to look.
  package var ranSeconds: Double { max(0, (ended?.at ?? now).seconds(since: begunAt ?? .zero)) }

  /// The act of its story that plays: which, from 1; nil without a story, before it begins and after the run's end.
  package var act: (number: Int, act: StoryAct)? {
    guard let begunAt, ended == nil, let acts = description?.acts else { return nil }
    guard let index = acts.lastIndex(where: { $0.at <= now.seconds(since: begunAt) }) else { return nil }
    return (index + 1, acts[index])
  }
}
