/// Reads the numbers of both formats, correctly rounded, without making a String of them.
///
/// Grammar: `[+-] digits [. digits] [e [+-] digits]` with at least one digit before the exponent, `[+-] inf`, `[+-] infinity`
/// and `nan` without a sign, letters in either case. No hexadecimal, no underscores, no `nan(...)`.
///
/// Three exact ways, cheapest first: up to 2^53 scaled by an exact power of ten (Clinger 1990, "How to read floating point
/// numbers accurately", the fast path); up to 19 digits scaled by a power of five below 2^64 in 128-bit integers, rounded
/// half to even with the remainder as sticky bit; anything else by the standard library.
struct NumberScanner {
  private let fives: UnsafePointer<UInt64>
  private let tens: UnsafePointer<Double>

  /// Longer numbers are refused: nothing writes a Double in more digits than this.
  static let longestNumber = 1_200

  /// Lends a scanner whose tables stay in place for the call.
  @inline(__always)
  static func withScanner<Result, Failure: Error>(_ body: (NumberScanner) throws(Failure) -> Result) throws(Failure) -> Result {
    try PowerTables.fives.withUnsafeBufferPointer { fives throws(Failure) in
      try PowerTables.exactTens.withUnsafeBufferPointer { tens throws(Failure) in
        guard let fives = fives.baseAddress, let tens = tens.baseAddress else {
          preconditionFailure("the tables are not empty")
        }
        return try body(NumberScanner(fives: fives, tens: tens))
      }
    }
  }

  /// Reads a number at `start`; returns the place after it, or -1 when there is none (or one beyond the range of Double).
  ///
  /// The caller checks what follows: `12abc` reads as 12.
  @inline(__always)
  func scan(_ view: ByteView, _ start: Int, into value: inout Double) -> Int {
    let end = view.count
    var index = start
    var negative = false
    if index < end, view[index] == 0x2D || view[index] == 0x2B {
      negative = view[index] == 0x2D
      index += 1
    }
    var digits: UInt64 = 0
    let integerStart = index
    index = Self.digits(view, index, end, into: &digits)
    var digitCount = index - integerStart
    var exponent = 0
    if index < end, view[index] == 0x2E {
      let fractionStart = index + 1
      index = Self.digits(view, fractionStart, end, into: &digits)
      digitCount += index - fractionStart
      exponent = fractionStart - index
    }
    if digitCount == 0 || digitCount > 19 { return scanSlowly(view, start, into: &value) }
    if index < end, view[index] | 0x20 == 0x65 {
      index = Self.exponent(view, index + 1, end, into: &exponent)
      if index < 0 { return -1 }
    }
    var magnitude: Double
    if digits <= 1 << 53, exponent >= -22, exponent <= 22 {
      magnitude = Double(digits)
      if exponent < 0 { magnitude /= tens[-exponent] } else { magnitude *= tens[exponent] }
    } else if exponent >= -27, exponent <= 27 {
      magnitude = exponent < 0 ? quotient(digits, -exponent) : product(digits, exponent)
    } else {
      return scanSlowly(view, start, into: &value)
    }
    value = negative ? -magnitude : magnitude
    return index
  }

  /// Appends the decimal digits at `start` to `total` (modulo 2^64), eight at a time; returns the place after them.
  @inline(__always)
  private static func digits(_ view: ByteView, _ start: Int, _ end: Int, into total: inout UInt64) -> Int {
    var index = start
    while index + 8 <= end {
      let chunk = UnsafeRawPointer(view.base + index).loadUnaligned(as: UInt64.self).littleEndian
      // Each byte is a digit when its high half is 3 and adding 6 does not carry into it.
      let isNumber = (chunk & 0xF0F0_F0F0_F0F0_F0F0) | (((chunk &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0) &>> 4)
      if isNumber != 0x3333_3333_3333_3333 { break }
      var pairs = chunk &- 0x3030_3030_3030_3030
      pairs = (pairs &* 10) &+ (pairs &>> 8)
      let high = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
      let low = ((pairs &>> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
      total = total &* 100_000_000 &+ ((high &+ low) &>> 32)
      index += 8
    }
    while index < end {
      let digit = view[index] &- 0x30
      if digit > 9 { break }
      total = total &* 10 &+ UInt64(digit)
      index += 1
    }
    return index
  }

  /// Adds the exponent written at `start`; returns the place after it, -1 when it has no digit.
  @inline(__always)
  private static func exponent(_ view: ByteView, _ start: Int, _ end: Int, into exponent: inout Int) -> Int {
    var index = start
    var negative = false
    if index < end, view[index] == 0x2D || view[index] == 0x2B {
      negative = view[index] == 0x2D
      index += 1
    }
    let digitStart = index
    var written = 0
    while index < end, ByteClass.isDigit(view[index]) {
      // Beyond this every number is 0 or infinite; the standard library says which.
      if written < 100_000 { written = written * 10 + Int(view[index] &- 0x30) }
      index += 1
    }
    exponent += negative ? -written : written
    return index > digitStart ? index : -1
  }

  /// `digits / 10^power`, correctly rounded; power 1...27.
  private func quotient(_ digits: UInt64, _ power: Int) -> Double {
    if digits == 0 { return 0 }
    let divisorShift = fives[power].leadingZeroBitCount
    let divisor = fives[power] &<< UInt64(divisorShift)
    let shift = digits.leadingZeroBitCount
    let dividend = digits &<< UInt64(shift)
    // The high word is below 2^63 and the divisor is not: the quotient fits, and has at least 63 bits.
    let (ratio, remainder) = divisor.dividingFullWidth((dividend &>> 1, dividend &<< 63))
    return Self.rounded(ratio, exponent: divisorShift - shift - power - 63, sticky: remainder != 0)
  }

  /// `digits * 10^power`, correctly rounded; power 0...27.
  private func product(_ digits: UInt64, _ power: Int) -> Double {
    if digits == 0 { return 0 }
    let (high, low) = digits.multipliedFullWidth(by: fives[power])
    if high == 0 { return Self.rounded(low, exponent: power, sticky: false) }
    let shift = UInt64(high.leadingZeroBitCount)
    let top = shift == 0 ? high : (high &<< shift) | (low &>> (64 - shift))
    return Self.rounded(top, exponent: power + 64 - Int(shift), sticky: low &<< shift != 0)
  }

  /// `significand * 2^exponent`, rounded half to even; `sticky` says that something below the last bit was cut off.
  ///
  /// Neither overflow nor subnormal: with at most 19 digits and powers up to 27 the result lies in 1e-27...1e46.
  private static func rounded(_ significand: UInt64, exponent: Int, sticky: Bool) -> Double {
    let shift = significand.leadingZeroBitCount
    let bits = significand &<< UInt64(shift)
    var mantissa = bits &>> 11
    var binaryExponent = exponent - shift + 11
    let rest = bits & 0x7FF
    if rest > 0x400 || (rest == 0x400 && (sticky || mantissa & 1 == 1)) { mantissa += 1 }
    if mantissa == 1 << 53 {
      mantissa &>>= 1
      binaryExponent += 1
    }
    return Double(bitPattern: UInt64(binaryExponent + 52 + 1023) &<< 52 | mantissa & 0x000F_FFFF_FFFF_FFFF)
  }
}
