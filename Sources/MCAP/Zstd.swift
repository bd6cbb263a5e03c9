import CZstd

/// Packs and unpacks the data of chunks.
enum Zstd {
  /// Packs bytes.
  /// - Parameter level: 1 (fast) to 19.
  static func packed(_ bytes: [UInt8], level: Int32) throws(MCAPError) -> [UInt8] {
    var failure: Int?
    let result = [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) { buffer, count in
      let size = bytes.withUnsafeBytes {
        ZSTD_compress(buffer.baseAddress, buffer.count, $0.baseAddress, $0.count, level)
      }
      if ZSTD_isError(size) != 0 { failure = size } else { count = size }
    }
    if let failure { throw MCAPError(.system, "a chunk cannot be packed: \(name(failure))") }
    return result
  }

  /// Unpacks bytes whose size is known beforehand. Never more than that is made, whatever the bytes say.
  static func unpacked(_ bytes: ArraySlice<UInt8>, size: Int) throws(MCAPError) -> [UInt8] {
    let declared = bytes.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
    // Its two largest values say "not known" and "no frame".
    guard declared == UInt64(size) || declared == UInt64.max else {
      throw MCAPError(.damaged, declared == UInt64.max - 1 ? "what is packed is no zstd" : "a chunk is not of the size it declares")
    }
    var made = 0
    let result = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      made = bytes.withUnsafeBytes { ZSTD_decompress(buffer.baseAddress, buffer.count, $0.baseAddress, $0.count) }
      if ZSTD_isError(made) == 0 { count = made }
    }
    guard ZSTD_isError(made) == 0 else { throw MCAPError(.damaged, "a chunk cannot be unpacked: \(name(made))") }
    guard made == size else { throw MCAPError(.damaged, "a chunk is not of the size it declares") }
    return result
  }

  private static func name(_ code: Int) -> String { String(cString: ZSTD_getErrorName(code)) }
}
