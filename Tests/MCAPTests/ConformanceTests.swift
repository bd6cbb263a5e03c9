import Foundation
import TestSupport
import Testing

@testable import MCAP

/// A case of the format's own conformance data.
struct ConformanceCase: CustomTestStringConvertible, Sendable {
  let name: String
  let bytes: [UInt8]
  /// The records that a reader finds, each as a line.
  let records: [String]
  let features: Set<String>
  var testDescription: String { name }

  static let all: [ConformanceCase] = {
    let folder = Checkout.fixture("mcap")
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".mcap") }.sorted()
    return names.compactMap { ConformanceCase(folder + "/" + $0.dropLast(5)) }
  }()

  private init?(_ path: String) {
    guard let bytes = FileManager.default.contents(atPath: path + ".mcap"),
      let data = FileManager.default.contents(atPath: path + ".json"),
      let json = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let records = json["records"] as? [[String: Any]],
      let features = ((json["meta"] as? [String: Any])?["variant"] as? [String: Any])?["features"] as? [String]
    else { return nil }
    name = String(path.split(separator: "/").last ?? "")
    self.bytes = Array(bytes)
    self.features = Set(features)
    self.records = records.map { record in
      let fields = (record["fields"] as? [[Any]] ?? []).map { "\($0[0])=\(Self.text($0[1]))" }
      return "\(record["type"] as? String ?? "?") \(fields.joined(separator: " "))"
    }
  }

  private static func text(_ value: Any) -> String {
    switch value {
    case let list as [Any]: "[\(list.map(text).joined(separator: ","))]"
    case let map as [String: Any]: "{\(map.keys.sorted().map { "\($0):\(text(map[$0] ?? ""))" }.joined(separator: ","))}"
    default: "\(value)"
    }
  }
}

@Suite struct ConformanceTests {
  @Test func `all cases are there`() {
    #expect(ConformanceCase.all.count == 48)
    #expect(ConformanceCase.all.allSatisfy { !$0.records.isEmpty && !$0.bytes.isEmpty })
  }

  @Test(arguments: ConformanceCase.all) func `a case reads to the expected records`(_ item: ConformanceCase) throws {
    var scan = try MCAPScan(MCAPBytes(item.bytes))
    var lines: [String] = []
    while let entry = try scan.next() {
      if case .chunk(let chunk) = entry.record {
        lines += try chunk.contents().compactMap(line)
      } else if let line = line(entry.record) {
        lines.append(line)
      }
    }
    #expect(lines == item.records)
    #expect(scan.damages.isEmpty)
    #expect(scan.isComplete)
  }

  @Test(arguments: ConformanceCase.all) func `the index of a case names what is there`(_ item: ConformanceCase) throws {
    let source = MCAPBytes(item.bytes)
    guard let index = try MCAPIndex(of: source) else {
      return #expect(item.features.isDisjoint(with: ["st", "rsh", "rch", "chx", "ax", "mdx"]) || item.name.hasPrefix("NoData"))
    }
    for chunk in index.chunks {
      #expect(try source.chunk(chunk).contents().contains { if case .message = $0 { true } else { false } })
    }
    for entry in index.metadata {
      guard case .metadata(let metadata) = try source.record(at: entry.offset, length: entry.length) else {
        Issue.record("no metadata at \(entry.offset)")
        continue
      }
      #expect(metadata.name == entry.name)
    }
    for entry in index.attachments {
      guard case .attachment(let attachment) = try source.record(at: entry.offset, length: entry.length) else {
        Issue.record("no attachment at \(entry.offset)")
        continue
      }
      #expect(attachment.name == entry.name && UInt64(attachment.data.count) == entry.dataSize)
    }
  }

  @Test(arguments: ConformanceCase.all.filter { !$0.features.contains("pad") })
  func `a case is written to the same bytes`(_ item: ConformanceCase) throws {
    var options = MCAPWriter.Options(chunkBytes: item.features.contains("ch") ? 1 << 20 : nil, zstdLevel: nil)
    options.hasMessageIndex = item.features.contains("mx")
    options.hasChunkIndex = item.features.contains("chx")
    options.hasStatistics = item.features.contains("st")
    options.repeatsSchemas = item.features.contains("rsh")
    options.repeatsChannels = item.features.contains("rch")
    options.hasAttachmentIndex = item.features.contains("ax")
    options.hasMetadataIndex = item.features.contains("mdx")
    options.hasSummaryOffsets = item.features.contains("sum")
    var writer = MCAPWriter(MCAPHeader(profile: "", library: ""), options: options)
    if item.name.hasPrefix("OneMessage") {
      writer.add(MCAPSchema(id: 1, name: "Example", encoding: "c", data: [4, 5, 6]))
      writer.add(MCAPChannel(id: 1, schemaID: 1, topic: "example", messageEncoding: "a", metadata: ["foo": "bar"]))
      try writer.add(MCAPMessage(channelID: 1, sequence: 10, logTime: 2, publishTime: 1, data: [1, 2, 3]))
    }
    if item.name.hasPrefix("OneAttachment") {
      try writer.add(MCAPAttachment(logTime: 2, createTime: 1, name: "myFile", mediaType: "application/octet-stream", data: [1, 2, 3]))
    }
    if item.name.hasPrefix("OneMetadata") { try writer.add(MCAPMetadata(name: "myMetadata", texts: ["foo": "bar"])) }
    try writer.finish()
    #expect(writer.take() == item.bytes)
  }

  /// A record as the expected answers have it; nil for those that they leave out.
  private func line(_ record: MCAPRecord) -> String? {
    func list(_ bytes: some Sequence<UInt8>) -> String { "[\(bytes.map(String.init).joined(separator: ","))]" }
    func map(_ texts: [String: String]) -> String { "{\(texts.sorted { $0.key < $1.key }.map { "\($0):\($1)" }.joined(separator: ","))}" }
    func map(_ counts: [UInt16: UInt64]) -> String { "{\(counts.sorted { $0.key < $1.key }.map { "\($0):\($1)" }.joined(separator: ","))}" }
    switch record {
    case .header(let r): return "Header library=\(r.library) profile=\(r.profile)"
    case .footer(let r):
      return "Footer summary_crc=\(r.summaryCRC) summary_offset_start=\(r.summaryOffsetStart) summary_start=\(r.summaryStart)"
    case .schema(let r): return "Schema data=\(list(r.data)) encoding=\(r.encoding) id=\(r.id) name=\(r.name)"
    case .channel(let r):
      return "Channel id=\(r.id) message_encoding=\(r.messageEncoding) metadata=\(map(r.metadata)) schema_id=\(r.schemaID) topic=\(r.topic)"
    case .message(let r):
      return
        "Message channel_id=\(r.channelID) data=\(list(r.data)) log_time=\(r.logTime) publish_time=\(r.publishTime) sequence=\(r.sequence)"
    case .chunkIndex(let r):
      return "ChunkIndex chunk_length=\(r.chunkLength) chunk_start_offset=\(r.chunkStartOffset) compressed_size=\(r.compressedSize) "
        + "compression=\(r.compression) message_end_time=\(r.messageEndTime) message_index_length=\(r.messageIndexLength) "
        + "message_index_offsets=\(map(r.messageIndexOffsets)) message_start_time=\(r.messageStartTime) uncompressed_size=\(r.uncompressedSize)"
    case .attachment(let r):
      return "Attachment create_time=\(r.createTime) data=\(list(r.data)) log_time=\(r.logTime) media_type=\(r.mediaType) name=\(r.name)"
    case .attachmentIndex(let r):
      return "AttachmentIndex create_time=\(r.createTime) data_size=\(r.dataSize) length=\(r.length) log_time=\(r.logTime) "
        + "media_type=\(r.mediaType) name=\(r.name) offset=\(r.offset)"
    case .statistics(let r):
      return "Statistics attachment_count=\(r.attachmentCount) channel_count=\(r.channelCount) "
        + "channel_message_counts=\(map(r.channelMessageCounts)) chunk_count=\(r.chunkCount) message_count=\(r.messageCount) "
        + "message_end_time=\(r.messageEndTime) message_start_time=\(r.messageStartTime) metadata_count=\(r.metadataCount) "
        + "schema_count=\(r.schemaCount)"
    case .metadata(let r): return "Metadata metadata=\(map(r.texts)) name=\(r.name)"
    case .metadataIndex(let r): return "MetadataIndex length=\(r.length) name=\(r.name) offset=\(r.offset)"
    case .summaryOffset(let r):
      return "SummaryOffset group_length=\(r.groupLength) group_opcode=\(r.groupOpcode) group_start=\(r.groupStart)"
    case .dataEnd(let crc): return "DataEnd data_section_crc=\(crc)"
    case .chunk, .messageIndex, .unknown: return nil
    }
  }
}
