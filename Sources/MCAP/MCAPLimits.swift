/// What is taken into memory at once; a declared length above it is an error before anything is allocated.
package struct MCAPLimits: Hashable, Sendable {
  /// The largest record that is read whole, in bytes.
  package var recordBytes: Int
  /// The largest chunk once it is unpacked, in bytes.
  package var chunkBytes: Int
  /// The largest summary, in bytes.
  package var summaryBytes: Int

  /// Enough for the beginning of a recording of ours and for the index of the largest, so that to list a file costs little whatever is in it.
  package static let listing = MCAPLimits(recordBytes: 16 << 20, chunkBytes: 1 << 20, summaryBytes: 16 << 20)

  /// Limits; by default 256 MiB each, a thousand times what a writer of ours makes.
  package init(recordBytes: Int = 256 << 20, chunkBytes: Int = 256 << 20, summaryBytes: Int = 256 << 20) {
    self.recordBytes = recordBytes
    self.chunkBytes = chunkBytes
    self.summaryBytes = summaryBytes
  }
}
