/// Finds what somebody who mistyped a word most likely meant.
package enum NearestWord {
  /// The valid word nearest to a mistyped one; nil when none is near enough to be meant.
  ///
  /// Distance is that of Damerau and Levenshtein in its restricted form (insert, delete, replace, swap of neighbours), without
  /// regard to case; at most a third of the longer word's letters (at least one) may differ.
  package static func find(_ word: String, among valid: [String]) -> String? {
    let typed = Array(word.lowercased().unicodeScalars.prefix(65))
    guard !typed.isEmpty, typed.count <= 64 else { return nil }
    var best: (distance: Int, word: String)?
    for candidate in valid {
      let letters = Array(candidate.lowercased().unicodeScalars.prefix(65))
      let distance = distance(typed, letters)
      guard distance <= max(1, max(typed.count, letters.count) / 3) else { continue }
      if distance < best?.distance ?? .max { best = (distance, candidate) }
    }
    return best?.word
  }

  /// `; did you mean "kind"?`, or the list of valid words when none is near: a long one with the nearest first.
  package static func hint(_ word: String, among valid: [String]) -> String {
    if let nearest = find(word, among: valid) { return "; did you mean \"\(nearest)\"?" }
    guard valid.count > shortList else { return valid.isEmpty ? "" : "; valid are " + valid.joined(separator: ", ") }
    let shown = byNearness(word, valid).prefix(longList)
    return ": one of " + shown.joined(separator: ", ") + (valid.count > shown.count ? " and \(valid.count - shown.count) more" : "")
  }

  /// How many words are listed as they stand, and how many at most.
  private static let shortList = 20
  private static let longList = 40

  /// The words with those first that begin alike, then by their distance.
  private static func byNearness(_ word: String, _ valid: [String]) -> [String] {
    let typed = Array(word.lowercased().unicodeScalars.prefix(65))
    let keyed = valid.enumerated().map { index, candidate in
      let letters = Array(candidate.lowercased().unicodeScalars.prefix(65))
      let common = zip(typed, letters).prefix { $0 == $1 }.count
      return (common: common >= 3 ? common : 0, distance: distance(typed, letters), index: index, word: candidate)
    }
    return keyed.sorted { ($1.common, $0.distance, $0.index) < ($0.common, $1.distance, $1.index) }.map(\.word)
  }

  /// That a word is none of a closed list, with the nearest of the list or, where none is near, all of it.
  package static func unknown(_ word: String, among valid: [String], noun: String = "word") -> String {
    let hint = find(word, among: valid).map { "did you mean \"\($0)\"?" } ?? "valid are " + valid.joined(separator: ", ")
    return "unknown \(noun) \"\(word)\"; \(hint)"
  }

  private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, letter) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
        if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other { cost = min(cost, beforeLast[column - 1] + 1) }
        current.append(cost)
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}
