/// What a stream carries and what is to become of it (part of `stream:init`).
package struct STSStreamConfig: Codable, Hashable, Sendable {
  /// The language spoken, such as `en`, which is taken where none is named.
  package var sourceLanguage: String
  /// The language wanted, such as `es`, which is taken where none is named.
  package var targetLanguage: String
  /// The voice wanted.
  package var voiceProfile: String?
  /// Length of a fragment in milliseconds, 100 to 60000.
  package var chunkDurationMs: Int?
  /// Samples a second, 8000 to 96000.
  package var sampleRateHz: Int?
  /// 1 or 2.
  package var channels: Int?
  /// How the audio is encoded, such as `aac`.
  package var format: String?

  /// What a stream carries and what is to become of it (part of `stream:init`).
  package init(
    sourceLanguage: String = "en", targetLanguage: String = "es", voiceProfile: String? = nil, chunkDurationMs: Int? = nil,
    sampleRateHz: Int? = nil,
    channels: Int? = nil, format: String? = nil
  ) {
    self.sourceLanguage = sourceLanguage
    self.targetLanguage = targetLanguage
    self.voiceProfile = voiceProfile
    self.chunkDurationMs = chunkDurationMs
    self.sampleRateHz = sampleRateHz
    self.channels = channels
    self.format = format
  }

  private enum CodingKeys: String, CodingKey {
    case sourceLanguage = "source_language"
    case targetLanguage = "target_language"
    case voiceProfile = "voice_profile"
    case chunkDurationMs = "chunk_duration_ms"
    case sampleRateHz = "sample_rate_hz"
    case channels
    case format
  }

  /// A configuration as sent; languages that it does not name are those of the data model.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      sourceLanguage: try container.decodeIfPresent(String.self, forKey: .sourceLanguage) ?? "en",
      targetLanguage: try container.decodeIfPresent(String.self, forKey: .targetLanguage) ?? "es",
      voiceProfile: try container.decodeIfPresent(String.self, forKey: .voiceProfile),
      chunkDurationMs: try container.decodeIfPresent(Int.self, forKey: .chunkDurationMs),
      sampleRateHz: try container.decodeIfPresent(Int.self, forKey: .sampleRateHz),
      channels: try container.decodeIfPresent(Int.self, forKey: .channels),
      format: try container.decodeIfPresent(String.self, forKey: .format))
  }
}

/// `stream:init`: a worker opens a stream.
package struct STSStreamInit: Codable, Hashable, Sendable {
  /// The stream; 1 to 256 bytes.
  package var streamID: String
  /// The worker; 1 to 256 bytes.
  package var workerID: String
  /// What the stream carries.
  package var config: STSStreamConfig
  /// How many fragments may be in flight, 1 to 10; 3 when absent.
  package var maxInflight: Int?
  /// How long a fragment may take in milliseconds, 1000 to 120000; 8000 when absent.
  package var timeoutMs: Int?

  /// `stream:init`: a worker opens a stream.
  package init(streamID: String, workerID: String, config: STSStreamConfig, maxInflight: Int? = nil, timeoutMs: Int? = nil) {
    self.streamID = streamID
    self.workerID = workerID
    self.config = config
    self.maxInflight = maxInflight
    self.timeoutMs = timeoutMs
  }

  private enum CodingKeys: String, CodingKey {
    case streamID = "stream_id"
    case workerID = "worker_id"
    case config
    case maxInflight = "max_inflight"
    case timeoutMs = "timeout_ms"
  }

  /// A message as sent; without a configuration the defaults hold.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      streamID: try container.decode(String.self, forKey: .streamID), workerID: try container.decode(String.self, forKey: .workerID),
      config: try container.decodeIfPresent(STSStreamConfig.self, forKey: .config) ?? STSStreamConfig(),
      maxInflight: try container.decodeIfPresent(Int.self, forKey: .maxInflight),
      timeoutMs: try container.decodeIfPresent(Int.self, forKey: .timeoutMs))
  }
}

/// Audio of a fragment, both ways.
package struct STSAudio: Codable, Hashable, Sendable {
  /// How it is encoded, such as `aac`.
  package var format: String
  /// Samples a second, 8000 to 96000.
  package var sampleRateHz: Int
  /// 1 or 2.
  package var channels: Int
  /// Its length in milliseconds, 0 to 60000.
  package var durationMs: Int
  /// The bytes, base64; 10 MB decoded at most.
  package var dataBase64: String

  /// Audio of a fragment, both ways.
  package init(format: String, sampleRateHz: Int, channels: Int, durationMs: Int, dataBase64: String) {
    self.format = format
    self.sampleRateHz = sampleRateHz
    self.channels = channels
    self.durationMs = durationMs
    self.dataBase64 = dataBase64
  }

  private enum CodingKeys: String, CodingKey {
    case format
    case sampleRateHz = "sample_rate_hz"
    case channels
    case durationMs = "duration_ms"
    case dataBase64 = "data_base64"
  }
}

/// `fragment:data`: one piece of audio to be dubbed.
package struct STSFragmentData: Codable, Hashable, Sendable {
  /// The fragment; 1 to 256 bytes.
  package var fragmentID: String
  /// Its stream.
  package var streamID: String
  /// Its place in the session, from 0.
  package var sequenceNumber: Int
  /// When it was sent, milliseconds since the epoch.
  package var timestamp: Double?
  /// The audio.
  package var audio: STSAudio

  /// `fragment:data`: one piece of audio to be dubbed.
  package init(fragmentID: String, streamID: String, sequenceNumber: Int, timestamp: Double? = nil, audio: STSAudio) {
    self.fragmentID = fragmentID
    self.streamID = streamID
    self.sequenceNumber = sequenceNumber
    self.timestamp = timestamp
    self.audio = audio
  }

  private enum CodingKeys: String, CodingKey {
    case fragmentID = "fragment_id"
    case streamID = "stream_id"
    case sequenceNumber = "sequence_number"
    case timestamp
    case audio
  }
}

/// `stream:pause`, `stream:resume`, `stream:end`: about a whole stream.
package struct STSStreamReference: Codable, Hashable, Sendable {
  /// The stream.
  package var streamID: String
  /// Why, in words.
  package var reason: String?

  /// `stream:pause`, `stream:resume`, `stream:end`: about a whole stream.
  package init(streamID: String, reason: String? = nil) {
    self.streamID = streamID
    self.reason = reason
  }

  private enum CodingKeys: String, CodingKey {
    case streamID = "stream_id"
    case reason
  }
}
