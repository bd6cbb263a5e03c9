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

  /// `; did you mean "kind"?`, or the list of valid words when none is near, or nothing when that list is long.
  package static func hint(_ word: String, among valid: [String]) -> String {
    if let nearest = find(word, among: valid) { return "; did you mean \"\(nearest)\"?" }
    return valid.isEmpty || valid.count > 16 ? "" : "; valid are " + valid.joined(separator: ", ")
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
