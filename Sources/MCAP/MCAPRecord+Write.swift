extension [UInt8] {
  /// A record of the data section or the summary. Chunks and messages are written where they are made.
  mutating func put(_ header: MCAPHeader) {
    record(.header) {
      $0.put(header.profile)
      $0.put(header.library)
    }
  }

  mutating func put(_ schema: MCAPSchema) {
    record(.schema) {
      $0.put(schema.id)
      $0.put(schema.name)
      $0.put(schema.encoding)
      $0.put(UInt32(truncatingIfNeeded: schema.data.count))
      $0.append(contentsOf: schema.data)
    }
  }

  mutating func put(_ channel: MCAPChannel) {
    record(.channel) {
      $0.put(channel.id)
      $0.put(channel.schemaID)
      $0.put(channel.topic)
      $0.put(channel.messageEncoding)
      $0.put(channel.metadata)
    }
  }

  mutating func put(_ message: MCAPMessage) {
    record(.message) {
      $0.put(message.channelID)
      $0.put(message.sequence)
      $0.put(message.logTime)
      $0.put(message.publishTime)
      $0.append(contentsOf: message.data)
    }
  }

  mutating func put(_ index: MCAPMessageIndex) {
    record(.messageIndex) {
      $0.put(index.channelID)
      $0.sized { bytes in
        for entry in index.entries {
          bytes.put(entry.logTime)
          bytes.put(entry.offset)
        }
      }
    }
  }

  mutating func put(_ index: MCAPChunkIndex) {
    record(.chunkIndex) {
      $0.put(index.messageStartTime)
      $0.put(index.messageEndTime)
      $0.put(index.chunkStartOffset)
      $0.put(index.chunkLength)
      $0.put(index.messageIndexOffsets)
      $0.put(index.messageIndexLength)
      $0.put(index.compression)
      $0.put(index.compressedSize)
      $0.put(index.uncompressedSize)
    }
  }

  mutating func put(_ attachment: MCAPAttachment) {
    record(.attachment) {
      let start = $0.count
      $0.put(attachment.logTime)
      $0.put(attachment.createTime)
      $0.put(attachment.name)
      $0.put(attachment.mediaType)
      $0.put(UInt64(attachment.data.count))
      $0.append(contentsOf: attachment.data)
      $0.put(CRC32.of($0[start...]))
    }
  }

  mutating func put(_ index: MCAPAttachmentIndex) {
    record(.attachmentIndex) {
      $0.put(index.offset)
      $0.put(index.length)
      $0.put(index.logTime)
      $0.put(index.createTime)
      $0.put(index.dataSize)
      $0.put(index.name)
      $0.put(index.mediaType)
    }
  }

  mutating func put(_ statistics: MCAPStatistics) {
    record(.statistics) {
      $0.put(statistics.messageCount)
      $0.put(statistics.schemaCount)
      $0.put(statistics.channelCount)
      $0.put(statistics.attachmentCount)
      $0.put(statistics.metadataCount)
      $0.put(statistics.chunkCount)
      $0.put(statistics.messageStartTime)
      $0.put(statistics.messageEndTime)
      $0.put(statistics.channelMessageCounts)
    }
  }

  mutating func put(_ metadata: MCAPMetadata) {
    record(.metadata) {
      $0.put(metadata.name)
      $0.put(metadata.texts)
    }
  }

  mutating func put(_ index: MCAPMetadataIndex) {
    record(.metadataIndex) {
      $0.put(index.offset)
      $0.put(index.length)
      $0.put(index.name)
    }
  }

  mutating func put(_ offset: MCAPSummaryOffset) {
    record(.summaryOffset) {
      $0.put(offset.groupOpcode)
      $0.put(offset.groupStart)
      $0.put(offset.groupLength)
    }
  }
}
