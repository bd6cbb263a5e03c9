extension NumberScanner {
  /// Words, long numbers and far exponents; same contract as `scan`.
  @inline(never)
  func scanSlowly(_ view: ByteView, _ start: Int, into value: inout Double) -> Int {
    let end = view.count
    var index = start
    let signed = index < end && (view[index] == 0x2D || view[index] == 0x2B)
    let negative = signed && view[index] == 0x2D
    if signed { index += 1 }
    if let word = word(view, index, signed: signed) {
      value = negative ? -word.value : word.value
      return word.end
    }
    let numberEnd = decimalEnd(view, index, end)
    guard numberEnd > index, numberEnd - index <= Self.longestNumber else { return -1 }
    // Only digits, a point and an exponent are left, so the standard library has nothing to be lenient about.
    guard let magnitude = Double(view.string(index, numberEnd)), magnitude.isFinite else { return -1 }
    value = negative ? -magnitude : magnitude
    return numberEnd
  }

  private func word(_ view: ByteView, _ start: Int, signed: Bool) -> (value: Double, end: Int)? {
    func spells(_ word: StaticString) -> Bool {
      guard view.count - start >= word.utf8CodeUnitCount else { return false }
      for offset in 0..<word.utf8CodeUnitCount where view[start + offset] | 0x20 != word.utf8Start[offset] { return false }
      return true
    }
    if spells("infinity") { return (.infinity, start + 8) }
    if spells("inf") { return (.infinity, start + 3) }
    if spells("nan"), !signed { return (.nan, start + 3) }
    return nil
  }

  /// The place after the decimal number at `start`; `start` when there is none.
  private func decimalEnd(_ view: ByteView, _ start: Int, _ end: Int) -> Int {
    var index = start
    var digitCount = 0
    while index < end, ByteClass.isDigit(view[index]) {
      index += 1
      digitCount += 1
    }
    if index < end, view[index] == 0x2E {
      index += 1
      while index < end, ByteClass.isDigit(view[index]) {
        index += 1
        digitCount += 1
      }
    }
    guard digitCount > 0 else { return start }
    if index < end, view[index] | 0x20 == 0x65 {
      index += 1
      if index < end, view[index] == 0x2D || view[index] == 0x2B { index += 1 }
      let exponentStart = index
      while index < end, ByteClass.isDigit(view[index]) { index += 1 }
      if index == exponentStart { return start }
    }
    return index
  }
}
