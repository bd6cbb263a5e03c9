extension MCAPMessages {
  /// A place to go on from later: the same reader without what it keeps for speed. Nil inside a chunk.
  package func resting() -> MCAPMessages? {
    guard isBetweenChunks else { return nil }
    var copy = self
    copy.letGo()
    return copy
  }
}
