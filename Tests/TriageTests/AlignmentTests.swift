import Testing

@testable import Triage

@Suite struct AlignmentTests {
  /// Events a second apart: a letter a kind, a capital one with another label.
  private func items(_ letters: String, counted: Bool = false) -> [LaneAlignment.Item] {
    letters.enumerated().map { index, letter in
      LaneAlignment.Item(
        kind: letter.lowercased(), labels: [letter.isUppercase ? "other" : "usual"], sequence: counted ? index : nil, at: Double(index))
    }
  }

  private func text(_ left: String, _ right: String) -> String {
    let (one, other) = (Array(left), Array(right))
    return LaneAlignment(items(left), items(right)).pairs.map { pair in
      "\(pair.left.map { String(one[$0]) } ?? "-")\(pair.right.map { String(other[$0]) } ?? "-")"
    }.joined(separator: " ")
  }

  @Test(arguments: [
    ("", "", ""), ("a", "", "a-"), ("", "b", "-b"), ("abc", "abc", "aa bb cc"), ("abc", "ac", "aa b- cc"), ("ac", "abc", "aa -b cc"),
    ("abc", "aBc", "aa bB cc"), ("abc", "adc", "aa -d b- cc"), ("abcde", "ade", "aa b- c- dd ee"), ("aaa", "aaaa", "aa aa aa -a"),
  ])
  func `events of one kind stand for each other, and only those`(_ left: String, _ right: String, _ expected: String) {
    #expect(text(left, right) == expected)
  }

  @Test func `the one that is missing of many is found by its number`() {
    let all = items(String(repeating: "a", count: 40), counted: true)
    var rest = all
    rest.remove(at: 17)
    let pairs = LaneAlignment(all, rest).pairs
    #expect(pairs.filter { $0.right == nil } == [LaneAlignment.Pair(left: 17, right: nil)])
    #expect(pairs.count == 40)
  }

  /// A table of all of it would have 10^10 cells.
  @Test func `lanes of a hundred thousand events are cut where both have something once`() {
    let all = items(String(repeating: "a", count: 100_000), counted: true)
    var rest = all
    for index in [99_000, 50_000, 10] { rest.remove(at: index) }
    let pairs = LaneAlignment(all, rest).pairs
    #expect(pairs.filter { $0.right == nil }.compactMap(\.left) == [10, 50_000, 99_000])
    #expect(pairs.count { $0.left == nil } == 0)
  }

  @Test func `lanes without numbers are cut by time, and every event is there once`() {
    let all = items(String(repeating: "ab", count: 2000))
    let rest = items(String(repeating: "ab", count: 1990))
    let pairs = LaneAlignment(all, rest).pairs
    #expect(pairs.compactMap(\.left) == Array(all.indices) && pairs.compactMap(\.right) == Array(rest.indices))
  }
}
