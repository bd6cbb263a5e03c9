import CanvasSupport
import Testing

@testable import TerminalCanvas

@Suite struct GeometryTests {
  @Test func `clamps sizes and rectangles`() {
    #expect(Size(width: -3, height: 5) == Size(width: 0, height: 5))
    #expect(Rect(x: 1, y: 2, width: -1, height: 3).isEmpty)
    #expect(Rect(x: .max, y: .min, width: .max, height: .max).maxX < Int.max)
  }

  @Test func `intersects and insets`() {
    let one = Rect(x: 0, y: 0, width: 10, height: 4)
    #expect(one.intersection(Rect(x: 8, y: 3, width: 5, height: 5)) == Rect(x: 8, y: 3, width: 2, height: 1))
    #expect(one.intersection(Rect(x: 20, y: 0, width: 5, height: 5)).isEmpty)
    #expect(one.inset(by: 1) == Rect(x: 1, y: 1, width: 8, height: 2))
    #expect(one.inset(by: 9).isEmpty)
    #expect(one.contains(one.inset(by: 9)))
    #expect(one.row(3) == Rect(x: 0, y: 3, width: 10, height: 1))
    #expect(one.row(4).isEmpty)
  }

  @Test(arguments: [
    ([Constraint.fixed(3), .flex(), .fixed(2)], 10, [3, 5, 2]),
    ([.flex(weight: 1), .flex(weight: 2)], 10, [4, 6]),
    ([.flex(min: 4, weight: 1), .flex(weight: 9)], 10, [5, 5]),
    ([.flex(weight: 1, max: 2), .flex(weight: 1)], 10, [2, 8]),
    ([.fixed(8), .fixed(8)], 10, [8, 2]),
    ([.fixed(8), .flex(min: 8)], 0, [0, 0]),
    ([.fixed(-4), .flex(weight: 0)], 5, [0, 0]),
    ([], 5, []),
  ])
  func `splits columns`(_ constraints: [Constraint], _ width: Int, _ expected: [Int]) {
    #expect(Rect(x: 0, y: 0, width: width, height: 1).splitColumns(constraints).map(\.width) == expected)
  }

  /// Over every size: parts stay inside, in order and apart, and flexible parts use all of the room.
  @Test func `layout holds at every size`() {
    let sets: [[Constraint]] = [
      [.fixed(1), .flex(min: 3, weight: 2), .flex(min: 5, weight: 1, max: 40), .fixed(1)],
      [.flex(min: 40, weight: 3), .flex(min: 20, weight: 1)],
      [.flex(weight: 1), .flex(weight: 1), .flex(weight: 1)],
    ]
    var failures = 0
    for width in 1...250 {
      for height in 1...80 {
        let rect = Rect(x: 2, y: 3, width: width, height: height)
        for constraints in sets {
          for (parts, isRow) in [(rect.splitRows(constraints, spacing: 1), true), (rect.splitColumns(constraints, spacing: 1), false)] {
            var edge = isRow ? rect.y : rect.x
            for part in parts {
              let start = isRow ? part.y : part.x
              if !rect.contains(part) || start < edge { failures += 1 }
              edge = isRow ? part.maxY : part.maxX
            }
            if parts.count != constraints.count { failures += 1 }
            if edge != (isRow ? rect.maxY : rect.maxX), parts.allSatisfy({ !$0.isEmpty }) { failures += 1 }
          }
        }
      }
    }
    #expect(failures == 0)
  }
}
