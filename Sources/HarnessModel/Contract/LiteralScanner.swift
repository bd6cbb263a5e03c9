/// Finds which of many literals occur in a line, in one pass over its bytes (Aho and Corasick 1975, as a full table).
struct LiteralScanner: Sendable {
  /// Set in a table entry whose state ends at least one literal.
  private static let hitBit: UInt32 = 0x8000_0000

  private let classes: [UInt8]
  private let table: [UInt32]
  private let stride: Int
  /// Which literals end in a state, shorter ones that end there too included.
  private let outputs: [[Int]]

  /// A scanner for literals; an empty literal is never found.
  /// - Parameter ignoresCase: whether ASCII letters match in either case.
  init(_ literals: [[UInt8]], ignoresCase: Bool) {
    var classes = [UInt8](repeating: 0, count: 256)
    var classCount = 1
    for byte in literals.joined() {
      let folded = Int(ignoresCase ? asciiLowercase(byte) : byte)
      // At most 255 classes beside the rest: byte 255 never occurs in UTF-8, so this cannot run over.
      if classes[folded] == 0, classCount < 256 {
        classes[folded] = UInt8(classCount)
        classCount += 1
      }
    }
    if ignoresCase {
      for byte in UInt8(ascii: "A")...UInt8(ascii: "Z") { classes[Int(byte)] = classes[Int(asciiLowercase(byte))] }
    }
    let trie = Self.trie(literals, classes: classes, classCount: classCount)
    self.classes = classes
    stride = classCount
    outputs = trie.outputs
    table = trie.next.map { UInt32($0 * classCount) | (trie.outputs[$0].isEmpty ? 0 : Self.hitBit) }
  }

  /// Adds the indexes of all literals that occur to `found`, without repetition and in no particular order.
  func scan(_ line: UnsafeBufferPointer<UInt8>, into found: inout [Int]) {
    classes.withUnsafeBufferPointer { classes in
      table.withUnsafeBufferPointer { table in
        var state = 0
        for byte in line {
          let entry = table[state + Int(classes[Int(byte)])]
          state = Int(entry & ~Self.hitBit)
          if entry >= Self.hitBit {
            for literal in outputs[state / stride] where !found.contains(literal) { found.append(literal) }
          }
        }
      }
    }
  }

  private static func trie(_ literals: [[UInt8]], classes: [UInt8], classCount: Int) -> (next: [Int], outputs: [[Int]]) {
    var next = [Int](repeating: -1, count: classCount)
    var outputs: [[Int]] = [[]]
    for (index, literal) in literals.enumerated() where !literal.isEmpty {
      var state = 0
      for byte in literal {
        let slot = state * classCount + Int(classes[Int(byte)])
        if next[slot] < 0 {
          next[slot] = outputs.count
          outputs.append([])
          next.append(contentsOf: repeatElement(-1, count: classCount))
        }
        state = next[slot]
      }
      outputs[state].append(index)
    }
    // Breadth first: a missing edge leads where the longest proper suffix would go.
    var fallback = [Int](repeating: 0, count: outputs.count)
    var queue: [Int] = []
    for symbol in 0..<classCount {
      if next[symbol] < 0 { next[symbol] = 0 } else { queue.append(next[symbol]) }
    }
    var head = 0
    while head < queue.count {
      let state = queue[head]
      head += 1
      outputs[state] += outputs[fallback[state]]
      for symbol in 0..<classCount {
        let slot = state * classCount + symbol
        let other = next[fallback[state] * classCount + symbol]
        if next[slot] < 0 {
          next[slot] = other
        } else {
          fallback[next[slot]] = other
          queue.append(next[slot])
        }
      }
    }
    return (next, outputs)
  }
}
