/// What is taken into memory at once; a declared length above it is an error before anything is allocated.
package struct MCAPLimits: Hashable, Sendable {
  /// The largest record that is read whole, in bytes.
  package var recordBytes: Int
  /// The largest chunk once it is unpacked, in bytes.
  package var chunkBytes: Int
  /// The largest summary, in bytes.
  package var summaryBytes: Int

  /// Limits; by default 256 MiB each, a thousand times what a writer of ours makes.
  package init(recordBytes: Int = 256 << 20, chunkBytes: Int = 256 << 20, summaryBytes: Int = 256 << 20) {
    self.recordBytes = recordBytes
    self.chunkBytes = chunkBytes
    self.summaryBytes = summaryBytes
  }
}
