/// What a file says of itself.
package struct MCAPHeader: Hashable, Sendable {
  /// How channels and metadata are to be understood: `dubwatch`.
  package var profile: String
  /// What wrote the file.
  package var library: String

  /// A header.
  package init(profile: String, library: String) {
    self.profile = profile
    self.library = library
  }
}

/// What the messages of a channel look like.
package struct MCAPSchema: Hashable, Sendable {
  /// From 1; 0 means none.
  package var id: UInt16
  /// Its name, `foxglove.Log`.
  package var name: String
  /// What kind of document the data is: `jsonschema`.
  package var encoding: String
  /// The document.
  package var data: [UInt8]

  /// A schema.
  package init(id: UInt16, name: String, encoding: String, data: [UInt8]) {
    self.id = id
    self.name = name
    self.encoding = encoding
    self.data = data
  }
}

/// A sequence of messages of one kind.
package struct MCAPChannel: Hashable, Sendable {
  /// Its number in the file.
  package var id: UInt16
  /// Its schema's number; 0 for none.
  package var schemaID: UInt16
  /// Its name, `/logs/media-service`.
  package var topic: String
  /// How messages are written: `json`.
  package var messageEncoding: String
  /// Whatever else is said of it.
  package var metadata: [String: String]

  /// A channel.
  package init(id: UInt16, schemaID: UInt16, topic: String, messageEncoding: String, metadata: [String: String] = [:]) {
    self.id = id
    self.schemaID = schemaID
    self.topic = topic
    self.messageEncoding = messageEncoding
    self.metadata = metadata
  }
}

/// One message of a channel.
package struct MCAPMessage: Hashable, Sendable {
  /// The channel's number.
  package var channelID: UInt16
  /// What the writer numbers it by.
  package var sequence: UInt32
  /// When it was recorded, in nanoseconds.
  package var logTime: UInt64
  /// When it was published, in nanoseconds; the log time where nobody says.
  package var publishTime: UInt64
  /// The message.
  package var data: ArraySlice<UInt8>

  /// A message.
  package init(channelID: UInt16, sequence: UInt32, logTime: UInt64, publishTime: UInt64, data: ArraySlice<UInt8>) {
    self.channelID = channelID
    self.sequence = sequence
    self.logTime = logTime
    self.publishTime = publishTime
    self.data = data
  }
}

/// Messages packed together, as they stand in the file.
package struct MCAPChunk: Hashable, Sendable {
  /// The earliest log time in it.
  package var messageStartTime: UInt64
  /// The latest.
  package var messageEndTime: UInt64
  /// How many bytes it has once it is unpacked.
  package var uncompressedSize: UInt64
  /// The checksum of those; 0 where the writer made none.
  package var uncompressedCRC: UInt32
  /// What it is packed with: empty, `zstd`, `lz4`.
  package var compression: String
  /// The packed records.
  package var records: ArraySlice<UInt8>
}

/// Where the messages of one channel are in the chunk before.
package struct MCAPMessageIndex: Hashable, Sendable {
  /// One message.
  package struct Entry: Hashable, Sendable {
    /// Its log time.
    package var logTime: UInt64
    /// Where it begins in the unpacked chunk.
    package var offset: UInt64
  }

  /// The channel's number.
  package var channelID: UInt16
  /// Its messages.
  package var entries: [Entry]
}

/// Where a chunk is, and what time it spans.
package struct MCAPChunkIndex: Hashable, Sendable {
  /// The earliest log time in it.
  package var messageStartTime: UInt64
  /// The latest.
  package var messageEndTime: UInt64
  /// Where its record begins.
  package var chunkStartOffset: UInt64
  /// The size of its record, with opcode and length.
  package var chunkLength: UInt64
  /// Where its message indexes are, by channel.
  package var messageIndexOffsets: [UInt16: UInt64]
  /// The size of its message indexes.
  package var messageIndexLength: UInt64
  /// What it is packed with.
  package var compression: String
  /// The size of its packed records.
  package var compressedSize: UInt64
  /// The size of its records.
  package var uncompressedSize: UInt64
}

/// A file inside the file.
package struct MCAPAttachment: Hashable, Sendable {
  /// When it was recorded.
  package var logTime: UInt64
  /// When it was made.
  package var createTime: UInt64
  /// Its name.
  package var name: String
  /// Its media type.
  package var mediaType: String
  /// Its bytes.
  package var data: [UInt8]

  /// An attachment.
  package init(logTime: UInt64, createTime: UInt64, name: String, mediaType: String, data: [UInt8]) {
    self.logTime = logTime
    self.createTime = createTime
    self.name = name
    self.mediaType = mediaType
    self.data = data
  }
}

/// Where an attachment is.
package struct MCAPAttachmentIndex: Hashable, Sendable {
  /// Where its record begins.
  package var offset: UInt64
  /// The size of its record.
  package var length: UInt64
  /// When it was recorded.
  package var logTime: UInt64
  /// When it was made.
  package var createTime: UInt64
  /// The size of its bytes.
  package var dataSize: UInt64
  /// Its name.
  package var name: String
  /// Its media type.
  package var mediaType: String
}

/// How much of everything there is.
package struct MCAPStatistics: Hashable, Sendable {
  /// Messages.
  package var messageCount: UInt64 = 0
  /// Schemas.
  package var schemaCount: UInt16 = 0
  /// Channels.
  package var channelCount: UInt32 = 0
  /// Attachments.
  package var attachmentCount: UInt32 = 0
  /// Metadata.
  package var metadataCount: UInt32 = 0
  /// Chunks.
  package var chunkCount: UInt32 = 0
  /// The earliest log time; 0 without messages.
  package var messageStartTime: UInt64 = 0
  /// The latest.
  package var messageEndTime: UInt64 = 0
  /// Messages by channel.
  package var channelMessageCounts: [UInt16: UInt64] = [:]
}

/// Texts by names, under a name.
package struct MCAPMetadata: Hashable, Sendable {
  /// Its name, `dubwatch.run`.
  package var name: String
  /// The texts.
  package var texts: [String: String]

  /// Metadata.
  package init(name: String, texts: [String: String]) {
    self.name = name
    self.texts = texts
  }
}

/// Where metadata is.
package struct MCAPMetadataIndex: Hashable, Sendable {
  /// Where its record begins.
  package var offset: UInt64
  /// The size of its record.
  package var length: UInt64
  /// Its name.
  package var name: String
}

/// Where the records of one kind are in the summary.
package struct MCAPSummaryOffset: Hashable, Sendable {
  /// Their opcode.
  package var groupOpcode: UInt8
  /// Where they begin.
  package var groupStart: UInt64
  /// How many bytes they are.
  package var groupLength: UInt64
}

/// The last record.
package struct MCAPFooter: Hashable, Sendable {
  /// Where the summary begins; 0 for none.
  package var summaryStart: UInt64
  /// Where its offsets begin; 0 for none.
  package var summaryOffsetStart: UInt64
  /// The checksum from the summary's beginning to these two; 0 for none.
  package var summaryCRC: UInt32
}
