extension ByteView {
  /// The length of the well-formed UTF-8 character at `index` (Unicode table 3-7), 0 when there is none before `end`.
  func scalarLength(at index: Int, end: Int) -> Int {
    let lead = self[index]
    if lead < 0x80 { return 1 }
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
    guard lead >= 0xC2, lead <= 0xF4, index + length <= end else { return 0 }
    let second = self[index + 1]
    switch lead {
    case 0xE0: guard second >= 0xA0, second <= 0xBF else { return 0 }
    case 0xED: guard second >= 0x80, second <= 0x9F else { return 0 }
    case 0xF0: guard second >= 0x90, second <= 0xBF else { return 0 }
    case 0xF4: guard second >= 0x80, second <= 0x8F else { return 0 }
    default: guard second & 0xC0 == 0x80 else { return 0 }
    }
    for offset in 2..<max(length, 2) where self[index + offset] & 0xC0 != 0x80 { return 0 }
    return length
  }

  /// The first byte in `start..<end` that is not part of well-formed UTF-8; nil when all are.
  func firstInvalidUTF8(_ start: Int, _ end: Int) -> Int? {
    var index = start
    while index < end {
      let length = scalarLength(at: index, end: end)
      if length == 0 { return index }
      index += length
    }
    return nil
  }
}
